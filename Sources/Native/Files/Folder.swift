internal import Glibc

/// Folders of a program's own.
package enum Folder {
    /// Makes the folder if need be, and the ones above it. What is there stays as it is.
    package static func make(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if unsafe mkdir(path, mode) == 0 { return }
        switch errno {
        case EEXIST where isFolder(path): return
        case ENOENT:
            guard let parent = parent(of: path) else { break }
            try make(parent)
            if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return }
        default: break
        }
        throw SystemError(action: "make the folder \(path)", code: errno)
    }

    /// Makes a folder that only `owner` may write to and enter (and root), or makes sure that the one there is such.
    ///
    /// - Parameters:
    ///   - owner: nil: this process's user. Another one needs root.
    ///   - mode: 0o711 to let others pass through to what they may enter themselves.
    /// - Throws: also when the folder is a link, or another user's: in a place that all may write to somebody
    ///   else could have put it there.
    package static func makePrivate(_ path: String, owner: UserIdentity? = nil, mode: UInt32 = 0o700)
        throws(SystemError)
    {
        try make(path, mode: mode)
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw SystemError(action: "look at \(path)", code: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemError(action: "use \(path)", code: ENOTDIR) }
        let owner = owner ?? .current
        if status.st_uid != owner.user {
            guard status.st_uid == geteuid(), unsafe lchown(path, owner.user, owner.group) == 0 else {
                throw SystemError(action: "take \(path), which is another user's", code: EPERM)
            }
        }
        guard unsafe chmod(path, mode) == 0 else { throw SystemError(action: "close \(path)", code: errno) }
    }

    /// The first folder on the way to `path`, itself included, that others than its owner and group may not pass
    /// through. nil: all of them let everybody through, or are not there.
    package static func firstClosed(onTheWayTo path: String) -> String? {
        if let parent = parent(of: path), let closed = firstClosed(onTheWayTo: parent) { return closed }
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o001 == 0 ? path : nil
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// nil for `/` and for a name without a folder.
    package static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return nil }
        return String(path[..<slash])
    }

    /// Gives a file or folder another name in the same file system, in one step.
    package static func rename(_ path: String, to newPath: String) throws(SystemError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw SystemError(action: "rename \(path) to \(newPath)", code: errno)
        }
    }
}
