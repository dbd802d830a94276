import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Assistant", .onLoop)
@LoopActor final class AssistantTests {
    /// Keys and bodies of the calls that reached the tool, in order.
    private var calls: [(key: String, body: String)] = []
    /// Requests that reached the AI.
    private var asked: [String] = []
    /// A job's steps, as Redis has them.
    private var steps: [String: String] = [:]

    /// Runs with an AI that says `script(results told)`, until the answer, or until so many steps are recorded.
    private func answer(
        dyingAfter writes: Int = .max, rounds: Int = 5, tools: [Tool]? = nil,
        script: @escaping @LoopActor (_ results: [String], _ mayCall: Bool) -> String
    ) async throws -> Result<String, AIError> {
        let tool = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] request in
            calls.append((request.header("Idempotency-Key") ?? "", String(decoding: request.body, as: UTF8.self)))
            return .json(status: 200, body: "result of \(String(decoding: request.body, as: UTF8.self))")
        }
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] request in
            asked.append(String(decoding: request.body, as: UTF8.self))
            let read = try? JSON.read(request.body) { json in
                (
                    (json["messages"]?.items ?? []).filter { $0["role"]?.string == "tool" }.compactMap {
                        $0["content"]?.string
                    }, json["tools"] != nil
                )
            }
            return .json(status: 200, body: #"{"choices":[{"message":\#(script(read?.0 ?? [], read?.1 ?? false))}]}"#)
        }
        try tool.start()
        try server.start()
        defer {
            tool.stop()
            server.stop()
        }
        let configuration = try Configuration(
            environment: ["AI_URL": "http://127.0.0.1:\(server.port)/v1", "AI_TOOL_ROUNDS": "\(rounds)"], role: .tool)
        let log = Log(level: .error), metrics = Metrics(), http = HTTPClient()
        let assistant = Assistant(
            ai: ChatCompletions(http: http, circuits: AICircuits(metrics: metrics, log: log), random: { 0 }),
            caller: ToolCaller(http: http, hosts: OutboundHosts(["127.0.0.1"])), settings: configuration.ai,
            metrics: ToolMetrics(metrics), log: log)
        var business = Business(id: "b", name: "B")
        business.tools = tools ?? [Tool(name: "pay", url: "http://127.0.0.1:\(tool.port)/")]
        let job = Job(
            id: JobID("job"), name: "n", lane: .default, tenant: TenantID("b"), conversation: nil, payload: [])
        var left = writes
        let checkpoint = Checkpoint(steps, leaseDeadline: { .now() + .seconds(60) }) {
            [self] new, _ throws(QueueError) in
            guard left > 0 else { throw .leaseLost }
            left -= 1
            steps.merge(new) { $1 }
            return nil
        }
        let question = Assistant.Question(
            business: business, messages: [ChatMessage(role: .user, text: "Pay John 100")], limit: .seconds(30),
            job: job)
        do throws(AIError) { return .success(try await assistant.answer(question, checkpoint)) } catch {
            return .failure(error)
        }
    }

    private nonisolated static func call(_ id: Int) -> String {
        #"{"id":"c\#(id)","type":"function","function":{"name":"pay","arguments":"{\"n\":\#(id)}"}}"#
    }

    /// Two calls at once, then one, then a text.
    private nonisolated static func script(_ results: [String], _ mayCall: Bool) -> String {
        switch results.count {
        case 0: #"{"content":null,"tool_calls":[\#(call(1)),\#(call(2))]}"#
        case 2: #"{"content":"One more","tool_calls":[\#(call(3))]}"#
        default: #"{"content":"\#(results.count) paid"}"#
        }
    }

    @Test func `tools are called round after round, and the AI is told what came of it`() async throws {
        let result = try await answer { Self.script($0, $1) }
        #expect(result == .success("3 paid"))
        #expect(Set(calls.map(\.key)) == ["job-0-0", "job-0-1", "job-1-0"] && calls.count == 3)
        #expect(calls.last?.body == #"{"n":3}"#)
        #expect(ToolRecord.calls(in: steps) == 3)
        #expect(
            asked.last?.contains(
                #"{"role":"assistant","content":"One more","tool_calls":[\#(Self.call(3))]},"#
                    + #"{"role":"tool","content":"result of {\"n\":3}","tool_call_id":"c3"}"#) == true)
    }

    @Test(arguments: 0...5)
    func `a worker that takes over repeats only calls without a recorded result, under the same key`(
        writes: Int
    ) async throws {
        let first = try await answer(dyingAfter: writes) { Self.script($0, $1) }
        #expect(first == (writes == 5 ? .success("3 paid") : .failure(.cancelled)))
        let recorded = ToolRecord.calls(in: steps), seen = calls.count
        #expect(seen - recorded <= 2 && (writes > 0 || seen == 0))
        let second = try await answer { Self.script($0, $1) }
        #expect(second == .success("3 paid"))
        #expect(calls.count - seen == 3 - recorded)
        // The same call has the same key, and no two share one.
        let bodies = Dictionary(grouping: calls, by: \.key).mapValues { Set($0.map(\.body)) }
        #expect(bodies.count == 3 && bodies.values.allSatisfy { $0.count == 1 })
    }

    @Test func `past the last round the AI is asked once more, without tools`() async throws {
        let result = try await answer(rounds: 2) { results, mayCall in
            mayCall ? #"{"content":null,"tool_calls":[\#(Self.call(results.count))]}"# : #"{"content":"enough"}"#
        }
        #expect(result == .success("enough"))
        #expect(calls.count == 2 && asked.count == 3)
        #expect(asked.last?.contains(#""tools""#) == false)
    }

    @Test func `an AI that goes on asking for tools gives no answer`() async throws {
        let result = try await answer(rounds: 1) { results, _ in
            #"{"content":null,"tool_calls":[\#(Self.call(results.count))]}"#
        }
        #expect(result == .failure(.transient("asks for tools that it was not given", retryAfter: nil)))
        #expect(calls.count == 1)
    }

    @Test func `a tool that nobody declared, and arguments that are none, are told to the AI`() async throws {
        let result = try await answer { results, _ in
            results.isEmpty
                ? #"{"tool_calls":[{"id":"a","function":{"name":"other","arguments":"{}"}},"#
                    + #"{"id":"b","function":{"name":"pay","arguments":"{\"n\":"}}]}"#
                : #"{"content":"\#(results.joined(separator: " "))"}"#
        }
        #expect(result == .success("There is no tool of that name. The arguments are not a JSON object."))
        #expect(calls.isEmpty)
    }

    @Test func `without tools none are told`() async throws {
        let result = try await answer(tools: []) { _, mayCall in #"{"content":"\#(mayCall)"}"# }
        #expect(result == .success("false") && steps.isEmpty)
    }
}
