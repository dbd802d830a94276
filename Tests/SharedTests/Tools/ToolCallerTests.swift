import Native
import Shared
import TestSupport
import Testing

@Suite("Tool calls", .onLoop)
@LoopActor struct ToolCallerTests {
    struct Seen: Equatable {
        var line = ""
        var body = ""
        var headers: [String: String] = [:]
    }

    /// Calls a tool that answers so. Returns the result, and what the tool saw.
    private func call(
        _ answer: HTTPResponse = .json(status: 200, body: #"{"stock":12}"#), arguments: String = "{}",
        hosts: [String] = ["127.0.0.1"], limit: Duration = .seconds(10),
        changing change: (inout Tool) -> Void = { _ in }
    ) async throws -> (result: ToolResult, seen: [Seen]) {
        var seen: [Seen] = []
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            var one = Seen(
                line: "\(request.method) \(request.path)?\(request.rawQuery)",
                body: String(decoding: request.body, as: UTF8.self))
            for name in ["Content-Type", "Authorization", "Idempotency-Key", "traceparent"] {
                one.headers[name] = request.header(name)
            }
            seen.append(one)
            return answer
        }
        try server.start()
        defer { server.stop() }
        var tool = Tool(name: "stock", url: "http://127.0.0.1:\(server.port)/stock?shop=1")
        change(&tool)
        let caller = ToolCaller(http: HTTPClient(), hosts: OutboundHosts(hosts))
        let result = try await caller.run(
            ToolCaller.Call(tool: tool, arguments: arguments, key: "job-0-0", traceparent: "00-1-2-01", limit: limit))
        return (result, seen)
    }

    @Test func `arguments go as a JSON body, with the tool's headers, the key and the trace`() async throws {
        let (result, seen) = try await call(arguments: #"{"sku":"A"}"#) {
            $0.headers = ["Authorization": "Bearer secret", "idempotency-key": "mine"]
        }
        #expect(result == ToolResult(.done, #"{"stock":12}"#, status: 200))
        #expect(
            seen == [
                Seen(
                    line: "POST /stock?shop=1", body: #"{"sku":"A"}"#,
                    headers: [
                        "Content-Type": "application/json", "Authorization": "Bearer secret",
                        "Idempotency-Key": "job-0-0", "traceparent": "00-1-2-01",
                    ])
            ])
    }

    @Test func `a method without a body has the arguments in its query`() async throws {
        let (_, seen) = try await call(arguments: #"{"sku":"A&B =é","n":2,"list":[1],"none":null}"#) {
            $0.method = "get"
        }
        #expect(seen.map(\.line) == ["GET /stock?shop=1&sku=A%26B%20%3D%C3%A9&n=2&list=%5B1%5D"])
        #expect(seen[0].body.isEmpty && seen[0].headers["Content-Type"] == nil)
    }

    @Test(arguments: [
        (#"{"sku":1}"#, "The arguments are not valid: sku must be of type string."),
        ("{}", "The arguments are not valid: sku is required."), ("nonsense", "The arguments are not a JSON object."),
        ("[1]", "The arguments are not a JSON object."),
        (#"{"sku":"\#(String(repeating: "a", count: 9000))"}"#, "The arguments are longer than 8192 bytes."),
    ])
    func `arguments that its schema forbids do not reach the tool`(arguments: String, text: String) async throws {
        let (result, seen) = try await call(arguments: arguments) {
            $0.parameters = #"{"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]}"#
        }
        #expect(result == ToolResult(.refused, text) && seen.isEmpty)
    }

    @Test func `no arguments are an empty object`() async throws {
        let (_, seen) = try await call(arguments: " ")
        #expect(seen.map(\.body) == ["{}"])
    }

    @Test func `a private address is refused unless it is allowed by name`() async throws {
        let (result, seen) = try await call(hosts: [])
        #expect(result.outcome == .unreachable && seen.isEmpty)
        #expect(result.text == "The tool cannot be called: its address is not allowed.")
    }

    @Test func `a redirect is not followed`() async throws {
        let (result, seen) = try await call(.json(status: 302, body: "", headers: [("Location", "/elsewhere")]))
        #expect(
            result == ToolResult(.failed, "The tool answered HTTP 302, a redirect, which is not followed.", status: 302)
        )
        #expect(seen.count == 1)
    }

    @Test(arguments: [
        (204, "", ToolResult(.done, "Done (HTTP 204), without a text.", status: 204)),
        (404, "no such item", ToolResult(.failed, "The tool answered HTTP 404. no such item", status: 404)),
    ])
    func `the AI is told what the tool answered`(status: Int, body: String, expected: ToolResult) async throws {
        let (result, _) = try await call(.json(status: status, body: body))
        #expect(result == expected)
    }

    @Test(arguments: [20_000, 3 << 20])
    func `a long answer is cut between characters, and says so`(length: Int) async throws {
        let text = String(repeating: "é", count: length / 2)
        let (result, _) = try await call(.json(status: 200, body: text))
        #expect(result.outcome == .done && result.text.utf8.count <= ToolResult.limit)
        #expect(result.text.hasPrefix("ééé") && !result.text.contains("\u{FFFD}"))
        #expect(result.text.hasSuffix("é\n[cut: the beginning of \(length) bytes]"))
    }

    @Test func `an answer that is no text stays within the limit`() async throws {
        let bytes = [UInt8](repeating: 0xFF, count: 10_000) + [UInt8](repeating: 0, count: 10_000)
        var answer = HTTPResponse.json(status: 200, body: "")
        answer.body = bytes
        let (result, _) = try await call(answer)
        #expect(result.outcome == .done && result.text.utf8.count <= ToolResult.limit)
        #expect(result.text.hasPrefix("\u{FFFD}") && result.text.hasSuffix("[cut: the beginning of 20000 bytes]"))
    }

    @Test func `an answer that has no end is not read`() async throws {
        let (result, _) = try await call(.json(status: 200, body: String(repeating: "x", count: 5 << 20)))
        #expect(result == ToolResult(.failed, "The tool's answer is longer than 4194304 bytes, and was not read."))
    }

    @Test func `a tool that does not answer within its time, or ours, may have done its work`() async throws {
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            connection.waitForEnd()
        }
        // Long enough to reach the tool while a thousand tests run beside this one.
        for (tool, limit) in [(2_000, Duration.seconds(60)), (60_000, .seconds(2))] {
            let result = try await ToolCaller(http: HTTPClient(), hosts: OutboundHosts(["127.0.0.1"])).run(
                ToolCaller.Call(
                    tool: Tool(name: "t", url: "http://127.0.0.1:\(server.port)/", timeoutMS: tool), arguments: "{}",
                    key: "k", limit: limit))
            #expect(result.outcome == .unanswered && result.text.contains("not known"))
        }
    }
}
