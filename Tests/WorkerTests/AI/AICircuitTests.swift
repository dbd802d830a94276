import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Circuits of the AI", .onLoop)
@LoopActor final class AICircuitTests {
    private var now = MonotonicInstant(nanoseconds: 0)
    private var calls = 0
    private var answer = HTTPResponse.json(status: 500, body: "{}", headers: AICircuitTests.later)
    private let metrics = Metrics()

    /// So that a call has one try.
    private nonisolated static let later = [("Retry-After", "300")]

    /// Lends a way to ask one server, each call with one try.
    private func with(
        _ body: @LoopActor (_ ask: @LoopActor (_ key: String, _ insists: Bool) async -> String) async throws -> Void
    )
        async throws
    {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] _ in
            calls += 1
            return answer
        }
        try server.start()
        defer { server.stop() }
        let circuits = AICircuits(metrics: metrics, log: Log(level: .error, write: { _ in }), now: { [self] in now })
        let ai = ChatCompletions(http: HTTPClient(), circuits: circuits, random: { 0.999 })
        let settings = try Configuration(
            environment: ["AI_URL": "http://127.0.0.1:\(server.port)/v1", "AI_API_KEY": "k"], role: .tool
        ).ai
        try await body { key, insists in
            var own = BusinessSettings()
            own.aiAPIKey = key
            let call = ChatCompletions.Call(
                server: settings.server(of: own), request: ChatRequest(model: "m", messages: []),
                // Shorter than every wait that is asked for.
                limit: .seconds(15), insists: insists)
            do throws(AIError) { return "\(try await ai.complete(call))" } catch { return "\(error)" }
        }
    }

    private var openCircuits: Bool { metrics.text.contains(#"rejoinder_circuits_open{kind="ai"} 1"#) }

    @Test func `a server that does not work is not asked, until a probe finds that it does`() async throws {
        try await with { ask in
            for _ in 0..<5 { _ = await ask("a", false) }
            #expect(calls == 5 && openCircuits && metrics.text.contains(#"{kind="ai_account"} 0"#))
            now = now + .seconds(10)
            let refused = await ask("a", false)
            #expect(refused == "\(AIError.transient("circuit open", retryAfter: .seconds(20)))" && calls == 5)
            // Another key's is another circuit.
            _ = await ask("b", false)
            #expect(calls == 6)
            now = now + .seconds(20)
            answer = ChatCompletionsTests.answer("x")
            let probed = await ask("a", false), next = await ask("a", false)
            #expect(probed == "\(ChatAnswer.text("x"))" && next == probed && calls == 8 && !openCircuits)
        }
    }

    @Test func `an account without money closes it at once, and stays without an answer until then`() async throws {
        try await with { ask in
            answer = .json(status: 429, body: #"{"error":{"code":"insufficient_quota"}}"#)
            let first = await ask("a", false), second = await ask("a", false)
            #expect(openCircuits && metrics.text.contains(#"rejoinder_circuits_open{kind="ai_account"} 1"#))
            #expect(first == "\(AIError.permanent("http 429 insufficient_quota"))")
            #expect(second == "\(AIError.permanent("http 429 insufficient_quota, circuit open"))" && calls == 1)
            // An operator who replays has seen to it.
            answer = ChatCompletionsTests.answer("x")
            let insisted = await ask("a", true), after = await ask("a", false)
            #expect(insisted == "\(ChatAnswer.text("x"))" && after == insisted)
        }
    }

    @Test func `a server that asks for time works`() async throws {
        try await with { ask in
            answer = .json(status: 429, body: "{}", headers: Self.later)
            for _ in 0..<8 { _ = await ask("a", false) }
            #expect(calls == 8 && !openCircuits)
        }
    }
}
