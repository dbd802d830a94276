import Native

/// A gateway of a test's own: gives each path its answer, and keeps what it was asked.
@LoopActor final class GatewayServer {
    struct Call: Equatable {
        var line, body: String
        var headers: [String: String]
    }

    /// By path without its query; nil is answered with 404.
    var answers: [String: HTTPResponse]
    private(set) var calls: [Call] = []
    private var server: HTTPServer?

    /// Runs `body` with its URL.
    static func with(
        _ answers: [String: HTTPResponse], keeping headers: [String] = [],
        _ body: @LoopActor (String, GatewayServer) async throws -> Void
    ) async throws {
        let gateway = GatewayServer(answers)
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { gateway.answer($0, headers) }
        try server.start()
        defer { server.stop() }
        try await body("http://127.0.0.1:\(server.port)", gateway)
    }

    private init(_ answers: [String: HTTPResponse]) { self.answers = answers }

    private func answer(_ request: HTTPRequest, _ headers: [String]) -> HTTPResponse {
        let target = request.rawQuery.isEmpty ? request.path : "\(request.path)?\(request.rawQuery)"
        calls.append(
            Call(
                line: "\(request.method) \(target)", body: String(decoding: request.body, as: UTF8.self),
                headers: Dictionary(uniqueKeysWithValues: headers.map { ($0, request.header($0) ?? "") })))
        return answers[request.path] ?? .json(status: 404, body: "{}")
    }
}
