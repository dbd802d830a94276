import FoundationEssentials
import Native

/// What a running `up` tells other commands: where it is. Holds no secret, only where one is kept.
struct RunFile: Codable, Equatable {
    let process: ProcessIdentity
    let api: String
    /// nil when real providers are used.
    let simulator: String?
    let business: String
    let secretFile: String
    /// URLs of the private servers. nil: the one that the environment of `up` names, which may hold a password.
    var redis: String?
    var database: String?

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SmallFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// nil when nothing runs there: the file is missing, cannot be read, or its writer has ended.
    static func ofRunning(at path: String) -> RunFile? {
        guard let text = SmallFile.read(path),
            let run = try? JSONDecoder().decode(RunFile.self, from: Data(text.utf8))
        else { return nil }
        return run.process.isRunning ? run : nil
    }
}
