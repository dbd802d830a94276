internal import Glibc

/// The program that this process runs.
package enum ThisProgram {
    /// The path of its file, without links. What the file was called at the start, when it was replaced since.
    package static let path: String = {
        let length = 4096
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            let count = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe readlink("/proc/self/exe", $0.baseAddress!, length)
            }
            filled = max(count, 0)
        }
        let path = String(decoding: bytes, as: UTF8.self)
        return path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
    }()

    /// The folder of its file.
    package static var folder: String { Folder.parent(of: path) ?? "/" }

    package static var pid: Int32 { getpid() }
}
