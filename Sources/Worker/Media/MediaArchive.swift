import Native
import Shared

/// The folder `MEDIA_DIR`. Only the worker's user may look into it.
struct MediaArchive: Sendable {
    let root: String

    /// Makes the folder if need be.
    init(root: String) throws(SystemError) {
        try Folder.make(root, mode: 0o700)
        self.root = root
    }

    /// Keeps bytes, all of them or none. Again: replaces them by the same.
    ///
    /// - Parameter fileExtension: without the dot.
    /// - Returns: the file's path below the root.
    @LoopActor func keep(_ bytes: [UInt8], as file: KeptFile, _ fileExtension: String) async throws(SystemError)
        -> String
    {
        let root = root, path = "\(file.folder)/\(file.stem).\(fileExtension)"
        let written = await LoopActor.loop.offload { () -> Result<Void, SystemError> in
            do throws(SystemError) {
                try Folder.make("\(root)/\(file.folder)", mode: 0o700)
                try SmallFile.write(bytes, to: "\(root)/\(path)", mode: 0o600)
                return .success(())
            } catch { return .failure(error) }
        }
        try written.get()
        return path
    }
}
