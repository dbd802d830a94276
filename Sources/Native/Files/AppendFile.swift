internal import Glibc

/// A file that grows at its end, such as a log that several processes write.
package final class AppendFile: Sendable {
    private let descriptor: Int32

    package init(_ path: String) throws(SystemError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw SystemError(action: "open \(path)", code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes in one piece. What a full disk does not take is lost.
    package func append(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
