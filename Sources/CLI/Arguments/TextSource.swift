import Native

/// A text as the command line gives it: itself, or the file that holds it.
enum TextSource: Equatable {
    case text(String)
    case file(String)

    /// - Parameter option: its name without dashes, as the user knows it.
    func read(_ option: String) throws(OperateFailure) -> String {
        switch self {
        case .text(let text): return text
        case .file(let path):
            guard let text = SmallFile.read(path) else { throw .usage("--\(option)-file cannot be read: \(path)") }
            return text
        }
    }
}

extension Options {
    /// Of `--name TEXT` or `--name-file FILE`; nil when neither is given.
    func source(_ name: String) throws(UsageError) -> TextSource? {
        switch (self[name], self[name + "-file"]) {
        case (nil, nil): return nil
        case (let text?, nil): return .text(text)
        case (nil, let path?): return .file(path)
        case (.some, .some): throw UsageError("either --\(name) or --\(name)-file")
        }
    }
}
