import Shared

/// A tool as `rejoinder tools add` was told it. What is JSON is read later.
struct ToolDeclaration: Equatable {
    var name: String
    var url: String
    var method = "POST"
    var description = ""
    /// JSON, as `headers`.
    var parameters: TextSource?
    var headers: TextSource?
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
        parameters = try options.source("parameters")
        headers = try options.source("headers")
        timeoutMS = try options.int("timeout-ms", in: 1...60_000, default: timeoutMS)
    }
}
