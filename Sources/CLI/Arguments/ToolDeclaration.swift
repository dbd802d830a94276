import Shared

/// A tool as `rejoinder tools add` was told it. What is JSON is read later.
struct ToolDeclaration: Equatable {
    /// JSON text, or the file that holds it.
    enum Source: Equatable {
        case text(String)
        case file(String)
    }

    var name: String
    var url: String
    var method = "POST"
    var description = ""
    var parameters: Source?
    var headers: Source?
    var timeoutMS = 5000

    static let names: Set<String> = [
        "url", "method", "description", "parameters", "parameters-file", "headers", "headers-file", "timeout-ms",
    ]

    private static let methods = ["POST", "GET", "PUT", "PATCH", "DELETE"]

    init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    init(_ name: String, _ options: Options) throws(UsageError) {
        guard Tool.isValid(name: name) else { throw UsageError("a tool's name is \(Tool.nameRule), not “\(name)”") }
        guard let url = options["url"] else { throw UsageError("tools add needs --url URL") }
        let isURL = ["http://", "https://"].contains { url.hasPrefix($0) && url.utf8.count > $0.utf8.count }
        guard isURL, !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw UsageError("--url begins with http:// or https://, and has no space")
        }
        self.init(name: name, url: url)
        method = (options["method"] ?? method).uppercased()
        guard Self.methods.contains(method) else {
            throw UsageError("--method is one of \(Self.methods.joined(separator: ", "))")
        }
        description = options["description"] ?? ""
        parameters = try Self.source("parameters", options)
        headers = try Self.source("headers", options)
        timeoutMS = try options.int("timeout-ms", in: 1...60_000, default: timeoutMS)
    }

    private static func source(_ name: String, _ options: Options) throws(UsageError) -> Source? {
        switch (options[name], options[name + "-file"]) {
        case (nil, nil): return nil
        case (let text?, nil): return .text(text)
        case (nil, let path?): return .file(path)
        case (.some, .some): throw UsageError("either --\(name) or --\(name)-file")
        }
    }
}
