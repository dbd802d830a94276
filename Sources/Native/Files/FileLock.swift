internal import Glibc

/// A claim on a file that at most one process holds. The kernel takes it back when the holder ends, however it ends.
///
/// Held as long as this object lives. Child processes do not inherit it. The file itself stays behind: to remove it would
/// let two processes hold two files of one name.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Returns: nil when another process holds the lock.
    /// - Throws: when the file cannot be made or opened.
    package init?(path: String) throws(SystemError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError(action: "open \(path)", code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        if errno == EWOULDBLOCK { return nil }
        throw SystemError(action: "lock \(path)", code: errno)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
