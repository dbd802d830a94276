import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Chat completions", .onLoop)
@LoopActor struct ChatCompletionsTests {
    /// Asks a server that gives one answer after the other, the last one for ever. Returns the result and how often it was asked.
    func ask(
        _ answers: [HTTPResponse], limit: Duration = .seconds(5)
    ) async throws -> (result: Result<String, AIError>, calls: Int, body: String) {
        var calls = 0, body = ""
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            calls += 1
            body = String(decoding: request.body, as: UTF8.self)
            return answers[min(calls, answers.count) - 1]
        }
        try server.start()
        defer { server.stop() }
        let configuration = try Configuration(
            environment: ["AI_URL": "http://127.0.0.1:\(server.port)/v1/", "AI_API_KEY": "k"], role: .tool)
        let ai = ChatCompletions(http: HTTPClient(), settings: configuration.ai, random: { 0 })
        let call = ChatCompletions.Call(
            model: "m", messages: [.init(role: .system, text: "Be brief"), .init(role: .user, text: "Hi \"you\"")],
            limit: limit, traceparent: nil)
        do throws(AIError) {
            return (.success(try await ai.complete(call)), calls, body)
        } catch {
            return (.failure(error), calls, body)
        }
    }

    static func answer(_ text: String) -> HTTPResponse {
        .json(status: 200, body: #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"}}]}"#)
    }

    @Test func `the answer's text comes back, and the request has OpenAI's shape`() async throws {
        let (result, calls, body) = try await ask([Self.answer("Hello")])
        #expect(result == .success("Hello") && calls == 1)
        #expect(
            body
                == #"{"model":"m","messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi \"you\""}]}"#
        )
    }

    @Test(arguments: [429, 500, 503])
    func `a busy server is asked again`(status: Int) async throws {
        let (result, calls, _) = try await ask([.json(status: status, body: "{}"), Self.answer("late")])
        #expect(result == .success("late") && calls == 2)
    }

    @Test func `an empty answer is asked for again`() async throws {
        let (result, calls, _) = try await ask([Self.answer(" "), Self.answer("x")])
        #expect(result == .success("x") && calls == 2)
    }

    @Test(arguments: [400, 401, 403, 404])
    func `an error that will not pass is not asked again`(status: Int) async throws {
        let (result, calls, _) = try await ask([.json(status: status, body: "{}")])
        #expect(result == .failure(.permanent("http \(status)")) && calls == 1)
    }

    @Test func `an account without money is not asked again`() async throws {
        let (result, calls, _) = try await ask([
            .json(status: 429, body: #"{"error":{"type":"insufficient_quota","message":"…"}}"#)
        ])
        #expect(result == .failure(.permanent("http 429 insufficient_quota")) && calls == 1)
    }

    @Test func `a wait that the server asks for and that exceeds the limit is not waited`() async throws {
        let (result, calls, _) = try await ask([
            .json(status: 429, body: "{}", headers: [("Retry-After", "120")])
        ])
        #expect(result == .failure(.transient("http 429", retryAfter: .seconds(120))) && calls == 1)
    }
}
