import Native
import Shared
import TestSupport
import Testing

@testable import API

/// Serves one sender over HTTP, and answers what it made of a request.
@LoopActor struct SenderFixture {
    let port: Int
    private let http = HTTPClient()

    struct Answer: Equatable {
        var status: Int
        var events: [InboundEvent] = []
        var body = ""
    }

    /// - Parameter routes: paths as in `Routes`; all go to the sender.
    static func with(
        _ sender: any WebhookSender, _ routes: [StaticString], lookUp: @escaping WebhookLookUp = { _ in false },
        _ body: (SenderFixture) async throws -> Void
    ) async throws {
        let last = Last()
        let table = Routes(
            routes.map { path in
                .post(path) { request, words in
                    do throws(APIError) {
                        last.events = try await sender.events(request, words, lookUp: lookUp)
                        return sender.response(to: IngestAnswer())
                    } catch { return error.response }
                }
            }, health: HealthRoutes(metrics: Metrics()) { nil })
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), handler: table.handle)
        try server.start()
        defer { server.stop() }
        try await body(SenderFixture(port: server.port, last: last))
    }

    private let last: Last

    private init(port: Int, last: Last) {
        self.port = port
        self.last = last
    }

    @LoopActor private final class Last { var events: [InboundEvent] = [] }

    func post(_ target: String, _ body: String, _ headers: [(String, String)]) async throws -> Answer {
        last.events = []
        var request = HTTPClient.Request(method: "POST", url: "http://127.0.0.1:\(port)\(target)")
        request.allowsPrivateAddresses = true
        request.body = Array(body.utf8)
        request.headers = headers
        let answer = try await http.send(request)
        return Answer(
            status: answer.status, events: last.events, body: String(decoding: answer.body, as: UTF8.self))
    }
}

extension SenderFixture {
    func expect(
        _ status: Int, _ target: String, _ body: String, _ headers: [(String, String)],
        _ place: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await post(target, body, headers)
        #expect(answer.status == status, sourceLocation: place)
    }
}

extension KnownBusinesses {
    /// Businesses by id with their settings.
    static func of(
        _ businesses: [String: BusinessSettings], isLoaded: Bool = true, defaultBusiness: String? = nil
    ) -> KnownBusinesses {
        var index = BusinessIndex()
        for (id, settings) in businesses { index.put(settings, of: id) }
        return KnownBusinesses(index: index, isLoaded: isLoaded, defaultBusiness: defaultBusiness)
    }
}

extension BusinessSettings {
    static func with(_ change: (inout BusinessSettings) -> Void) -> BusinessSettings {
        var settings = BusinessSettings()
        change(&settings)
        return settings
    }
}

extension InboundEvent {
    var tenant: String? {
        switch self {
        case .message(let message), .ownMessage(let message): message.tenant
        case .receipt(let receipt): receipt.tenant
        case .ignored, .rejected: nil
        }
    }
}
