internal import Glibc

/// The process's own streams.
package enum StandardStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2

    /// Writes all of `bytes`, waiting where the other end is slow. What cannot be written because the other end is
    /// gone is dropped: there is nobody to tell.
    package func write(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(rawValue, bytes.baseAddress! + start, bytes.count - start)
            }
            if count >= 0 {
                start += count
            } else if errno == EAGAIN {
                var poller = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&poller, 1, 1000)
            } else if errno != EINTR {
                return
            }
        }
    }

    package func write(_ text: String) { write(Array(text.utf8)) }

    /// Whether a person reads this stream.
    package var isTerminal: Bool { isatty(rawValue) == 1 }
}
