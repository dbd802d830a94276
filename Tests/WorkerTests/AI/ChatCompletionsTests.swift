import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Chat completions", .onLoop)
@LoopActor struct ChatCompletionsTests {
    struct Asked {
        var result: Result<ChatAnswer, AIError>
        var calls = 0
        var body = ""
        var target = ""
        var headers: [String: String] = [:]
    }

    /// Asks a server that gives one answer after the other, the last one for ever.
    func ask(
        _ answers: [HTTPResponse], limit: Duration = .seconds(5), environment: [String: String] = [:],
        query: String = "",
        business: BusinessSettings = BusinessSettings()
    ) async throws -> Asked {
        var asked = Asked(result: .failure(.cancelled))
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            asked.calls += 1
            asked.body = String(decoding: request.body, as: UTF8.self)
            asked.target = request.path + (request.query("api-version").map { "?api-version=\($0)" } ?? "")
            for name in ["Authorization", "api-key", "X-Org", "traceparent"] {
                asked.headers[name] = request.header(name)
            }
            return answers[min(asked.calls, answers.count) - 1]
        }
        try server.start()
        defer { server.stop() }
        let configuration = try Configuration(
            environment: ["AI_URL": "http://127.0.0.1:\(server.port)/v1/\(query)", "AI_API_KEY": "k"].merging(
                environment
            ) { $1 }, role: .tool)
        var own = business
        own.aiURL = business.aiURL?.replacing("PORT", with: "\(server.port)")
        let ai = ChatCompletions(
            http: HTTPClient(), circuits: AICircuits(metrics: Metrics(), log: Log(level: .error)), random: { 0 })
        let call = ChatCompletions.Call(
            server: configuration.ai.server(of: own),
            request: ChatRequest(
                model: "m",
                messages: [.init(role: .system, text: "Be brief"), .init(role: .user, text: "Hi \"you\"")]),
            limit: limit, traceparent: "00-1-2-01")
        do throws(AIError) { asked.result = .success(try await ai.complete(call)) } catch {
            asked.result = .failure(error)
        }
        return asked
    }

    static func answer(_ text: String) -> HTTPResponse {
        .json(status: 200, body: #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"}}]}"#)
    }

    @Test func `the answer's text comes back, and the request has OpenAI's shape`() async throws {
        let asked = try await ask([Self.answer("Hello")])
        #expect(asked.result == .success(.text("Hello")) && asked.calls == 1)
        #expect(
            asked.body
                == #"{"model":"m","messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi \"you\""}]}"#
        )
        #expect(asked.target == "/v1/chat/completions")
        #expect(asked.headers["Authorization"] == "Bearer k" && asked.headers["traceparent"] == "00-1-2-01")
    }

    @Test func `a server of Azure's form gets its query behind the path, its key header and further headers`()
        async throws
    {
        let asked = try await ask(
            [Self.answer("x")], environment: ["AI_KEY_HEADER": "api-key", "AI_EXTRA_HEADERS": #"{"X-Org":"o"}"#],
            query: "openai/deployments/d?api-version=2024-10-21")
        #expect(asked.target == "/v1/openai/deployments/d/chat/completions?api-version=2024-10-21")
        #expect(asked.headers["api-key"] == "k" && asked.headers["X-Org"] == "o")
        #expect(asked.headers["Authorization"] == nil)
    }

    @Test func `a server that a business names gets neither the operator's key nor his headers`() async throws {
        var business = BusinessSettings()
        business.aiURL = "http://127.0.0.1:PORT/other"
        let asked = try await ask(
            [Self.answer("x")],
            environment: ["OUTBOUND_ALLOW_HOSTS": "127.0.0.1", "AI_EXTRA_HEADERS": #"{"X-Org":"o"}"#],
            business: business)
        #expect(asked.result == .success(.text("x")) && asked.target == "/other/chat/completions")
        #expect(asked.headers["Authorization"] == nil && asked.headers["X-Org"] == nil)
        business.aiAPIKey = "own"
        let own = try await ask(
            [Self.answer("x")], environment: ["OUTBOUND_ALLOW_HOSTS": "127.0.0.1"], business: business)
        #expect(own.headers["Authorization"] == "Bearer own")
    }

    @Test func `a private server that a business names is not asked unless it is allowed`() async throws {
        var business = BusinessSettings()
        business.aiURL = "http://127.0.0.1:PORT/v2"
        let asked = try await ask([Self.answer("x")], business: business)
        #expect(asked.result == .failure(.permanent("address 127.0.0.1 is not allowed")) && asked.calls == 0)
    }

    @Test(arguments: [408, 429, 500, 503, 529])
    func `a busy server is asked again`(status: Int) async throws {
        let asked = try await ask([.json(status: status, body: "{}"), Self.answer("late")])
        #expect(asked.result == .success(.text("late")) && asked.calls == 2)
    }

    @Test func `an empty answer is asked for again, and not without end`() async throws {
        let asked = try await ask([Self.answer(" "), Self.answer("x")])
        #expect(asked.result == .success(.text("x")) && asked.calls == 2)
        let never = try await ask([Self.answer("")])
        #expect(never.result == .failure(.transient("empty answer", retryAfter: nil)) && never.calls == 3)
    }

    @Test(arguments: [400, 401, 403, 404, 422])
    func `an error that will not pass is not asked again`(status: Int) async throws {
        let asked = try await ask([.json(status: status, body: "{}")])
        #expect(asked.result == .failure(.permanent("http \(status)")) && asked.calls == 1)
    }

    @Test func `a wait that the server asks for and that exceeds the limit is not waited`() async throws {
        let asked = try await ask([.json(status: 429, body: "{}", headers: [("Retry-After", "120")])])
        #expect(asked.result == .failure(.transient("http 429", retryAfter: .seconds(120))) && asked.calls == 1)
    }
}
