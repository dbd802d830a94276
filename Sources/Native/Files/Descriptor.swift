internal import CUV
internal import Glibc

/// What the system answered to a call that failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was tried, for people: `open /var/log/x`.
    package let action: String
    /// The system's `errno`.
    package let code: Int32

    package init(action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    package var description: String { unsafe "\(action): \(String(cString: strerror(code)))" }
}

/// One open file descriptor, closed with the last reference. Not inherited by child processes.
final class Descriptor {
    let rawValue: Int32

    /// Takes ownership.
    init(owning rawValue: Int32) { self.rawValue = rawValue }

    /// - Parameter flags: of `open(2)`, without `O_CLOEXEC`, which is always set.
    init(open path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemError) {
        rawValue = unsafe open(path, flags | O_CLOEXEC, mode)
        if rawValue < 0 { throw SystemError(action: "open \(path)", code: errno) }
    }

    deinit {
        if rawValue >= 0 { close(rawValue) }
    }

    /// - Parameter writingWaits: whether a write waits while the pipe is full; else it fails then with `EAGAIN`.
    static func pipe(writingWaits: Bool = true) throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: (Int32, Int32) = (-1, -1)
        let flags = writingWaits ? 0 : Int32(UV_NONBLOCK_PIPE.rawValue)
        let status = unsafe withUnsafeMutablePointer(to: &ends) { pair in
            unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe uv_pipe($0, 0, flags) }
        }
        guard status == 0 else { throw SystemError(action: "open a pipe", code: -status) }
        return (Descriptor(owning: ends.0), Descriptor(owning: ends.1))
    }
}
