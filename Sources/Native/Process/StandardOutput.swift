internal import Glibc

/// The process's standard output and error output, unbuffered. What cannot be written is lost: nobody reads it.
package enum StandardOutput {
    package static func write(_ text: String) { put(text, STDOUT_FILENO) }

    package static func writeError(_ text: String) { put(text, STDERR_FILENO) }

    /// Whether a person reads the standard output.
    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func put(_ text: String, _ descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Some other process made the terminal non-blocking.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&ready, 1, 1000)
                continue
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}
