import Native
import Shared
import TestSupport

/// An AI that answers as the message asks it to: `<exchange> <contact>`. Any other message is answered at once.
@LoopActor final class TalkingAI {
    private var server: HTTPServer?
    private var isOut: @LoopActor (_ contact: String) async throws -> Bool = { _ in false }

    var port: Int { server?.port ?? 0 }

    init() throws {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [weak self] request in
            await self?.answer(request.body) ?? .closed
        }
        try server.start()
        self.server = server
    }

    func stop() {
        server?.stop()
        server = nil
    }

    /// - Parameter isOut: whether a contact has got a text.
    func watch(_ isOut: @escaping @LoopActor (_ contact: String) async throws -> Bool) { self.isOut = isOut }

    private func answer(_ body: [UInt8]) async -> HTTPResponse {
        let text = try? JSON.read(body) { $0["messages"]?.items.last?["content"]?.string }
        // Behind a message that was not answered stands the next one in the same turn.
        let words = (text ?? "").split(separator: "\n").last?.split(separator: " ").map(String.init) ?? []
        guard words.count == 2 else { return .json(status: 400, body: #"{"error":{"message":"two words"}}"#) }
        let exchange = MortalExchange(rawValue: words[0])
        if exchange == .late || exchange == .lateRefused {
            _ = try? await poll(within: .seconds(60), "the fallback text") {
                try await self.isOut(words[1]) ? true : nil
            }
        }
        switch exchange {
        case .refused, .lateRefused: return .json(status: 400, body: #"{"error":{"message":"not that"}}"#)
        case .long: return Self.completion(MortalExchange.parts.joined(separator: "\\n\\n"))
        case .late: return Self.completion("Here it is")
        case nil: return Self.completion("Next: \(words[1])")
        }
    }

    /// - Parameter text: as it stands in JSON.
    private static func completion(_ text: String) -> HTTPResponse {
        .json(
            body: """
                {"id":"c","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":\
                {"role":"assistant","content":"\(text)"}}]}
                """)
    }
}
