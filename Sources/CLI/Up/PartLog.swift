import Native

/// Where a part's output goes: to its file, and with `--verbose` to the terminal too.
@LoopActor enum PartLog {
    /// A longer file is put aside when the part starts, in place of the one that was put aside before. Bytes.
    static let longest = 16 << 20

    static func output(_ name: String, _ data: DataFolder, isVerbose: Bool, _ console: Console) -> ChildCommand.Output {
        let path = data.log(name)
        if SmallFile.size(path) ?? 0 > longest { try? Folder.rename(path, to: path + ".old") }
        guard isVerbose, let file = try? AppendFile(path) else { return .file(path) }
        return .lines { line in
            file.append(line + "\n")
            console.say("\(name) | \(line)")
        }
    }

    /// The last lines of a part's log, for a part that did not start.
    static func tail(_ name: String, _ data: DataFolder, lines: Int = 12) -> String {
        let text = SmallFile.readEnd(data.log(name)) ?? ""
        return text.split(separator: "\n").suffix(lines).map { "    " + $0 }.joined(separator: "\n")
    }
}
