internal import Glibc

/// Files that are read and written in one go: `/proc`, pid files, secrets, what a message brought.
package enum SmallFile {
    /// The beginning as text, or nil when the file cannot be read.
    ///
    /// - Parameter limit: bytes; up to 16 KiB more may be read.
    package static func read(_ path: String, upTo limit: Int = 65_536) -> String? { read(path, from: 0, upTo: limit) }

    /// The last 16 KiB or less, beginning anywhere in a line. For logs.
    package static func readEnd(_ path: String) -> String? {
        size(path).flatMap { read(path, from: max(0, $0 - 16_384), upTo: 65_536) }
    }

    /// Bytes, or nil when there is no such file.
    package static func size(_ path: String) -> Int? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private static func read(_ path: String, from start: Int, upTo limit: Int) -> String? {
        guard let file = try? Descriptor(open: path, O_RDONLY) else { return nil }
        if start > 0 { lseek(file.rawValue, off_t(start), SEEK_SET) }
        var content: [UInt8] = []
        while content.count < limit {
            var count = 0
            content += unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, filled in
                count = unsafe Glibc.read(file.rawValue, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            if count < 0 { return nil }
            if count == 0 { break }
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// Replaces the file in one step: whoever reads it sees the old content or the new, also after a crash.
    ///
    /// - Parameter mode: permissions of the new file, whatever the old one's were.
    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Likewise. Blocks as long as the disk takes.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        let temporary = path + ".new"
        unsafe unlink(temporary)
        do {
            let file = try Descriptor(open: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            _ = fchmod(file.rawValue, mode)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
                guard count > 0 else { throw SystemError(action: "write \(temporary)", code: errno) }
                rest = rest.dropFirst(count)
            }
            guard fsync(file.rawValue) == 0 else { throw SystemError(action: "sync \(temporary)", code: errno) }
        }
        guard unsafe rename(temporary, path) == 0 else { throw SystemError(action: "rename \(temporary)", code: errno) }
    }
}
