import Native
import Shared
import TestSupport
import Testing

@Suite("Tools", .onLoop, .serialized)
@LoopActor final class ToolTests {
    /// Calls that reached the tool: key and body.
    private var calls: [(key: String, body: String)] = []
    private var hangs = false
    private let released = OneShot<Void>()

    private func with(_ options: Installation.Options, _ body: @LoopActor (Installation, Int) async throws -> Void)
        async throws
    {
        let tool = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { [self] request in
            calls.append((request.header("Idempotency-Key") ?? "", String(decoding: request.body, as: UTF8.self)))
            if hangs { try? await released.value }
            return .json(status: 200, body: #"{"stock":12}"#)
        }
        try tool.start()
        defer {
            released.resolve(())
            tool.stop()
        }
        try await Installation.with(options) { try await body($0, tool.port) }
    }

    private var options: Installation.Options {
        var options = Installation.Options()
        options.environment = ["OUTBOUND_ALLOW_HOSTS": "127.0.0.1", "JOB_LEASE_SECONDS": "3"]
        return options
    }

    private func add(_ system: Installation, _ port: Int) async throws {
        let added = try await system.run(
            "tools", "add", "stock", "--business", Installation.business, "--url", "http://127.0.0.1:\(port)/stock",
            "--description", "How many there are", "--headers", #"{"Authorization":"Bearer tool-secret"}"#,
            "--parameters", #"{"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]}"#,
            "--timeout-ms", "60000")
        #expect(added.status == 0 && added.output == ["Tool stock of business_1 is added."] && added.errors.isEmpty)
    }

    @Test func `an AI that asks for a tool gets its result, and the contact the answer`() async throws {
        try await with(options) { system, port in
            try await add(system, port)
            try await system.post(#"tool:stock {\"sku\":\"A1\"}"#, from: "15550001111", id: "T1")
            let texts = try await system.delivered(1, to: "15550001111")
            #expect(texts.map(\.text) == [#"The tool said: {"stock":12}"#])
            #expect(calls.map(\.body) == [#"{"sku":"A1"}"#] && calls[0].key.hasSuffix("-0-0"))
            // What its schema forbids does not reach it.
            try await system.post(#"tool:stock {\"sku\":7}"#, from: "15550001111", id: "T2")
            let refused = try await system.delivered(2, to: "15550001111").last?.text
            #expect(refused == "The tool said: The arguments are not valid: sku must be of type string.")
            #expect(calls.count == 1)
            try await system.quiet()
            let lines = system.workers[0].lines
            #expect(lines.contains { $0.contains("reply_sent") && $0.contains(#""tool_count":1"#) })
            #expect(lines.contains { $0.contains("tool_call") && $0.contains(#""reason":"done""#) })
            #expect(!lines.contains { $0.contains("tool-secret") })
        }
    }

    @Test func `a worker that takes over calls the tool again under the same key, and the contact gets one answer`()
        async throws
    {
        try await with(options) { system, port in
            try await add(system, port)
            hangs = true
            try await system.post(#"tool:stock {\"sku\":\"A1\"}"#, from: "15550001111", id: "T1")
            try await poll(within: .seconds(20), "the tool to be called") { self.calls.isEmpty ? nil : true }
            await system.workers[0].kill()
            hangs = false
            try system.replaceWorker(0)
            let texts = try await system.delivered(1, to: "15550001111", within: .seconds(40))
            #expect(texts.map(\.text) == [#"The tool said: {"stock":12}"#])
            try await system.quiet()
            #expect(calls.count == 2 && calls[0].key == calls[1].key && calls[0].body == calls[1].body)
            #expect(try await system.delivered().count == 1)
        }
    }

    @Test func `once a tool was called, what comes next is answered by itself`() async throws {
        try await with(options) { system, port in
            try await system.put(Installation.business, []) { $0.coalesceMS = 100 }
            try await add(system, port)
            try await system.fault(#"{"ai":{"mode":"ok","latency_ms":1500}}"#)
            try await system.post(#"tool:stock {\"sku\":\"A1\"}"#, from: "15550001111", id: "T1")
            try await poll(within: .seconds(20), "the tool to be called") { self.calls.isEmpty ? nil : true }
            try await system.post("And thanks", from: "15550001111", id: "T2")
            let texts = try await system.delivered(2, to: "15550001111").map(\.text)
            #expect(texts[0] == #"The tool said: {"stock":12}"# && texts[1].hasPrefix("You said: And thanks"))
            #expect(calls.count == 1)
            try await system.quiet()
        }
    }

    @Test func `a tool that is slower than the limit costs the contact a fallback, and the answer follows`()
        async throws
    {
        var options = options
        options.environment["AI_TIMEOUT_SECONDS"] = "1"
        try await with(options) { system, port in
            try await add(system, port)
            hangs = true
            try await system.post(#"tool:stock {\"sku\":\"A1\"}"#, from: "15550001111", id: "T1")
            try await system.delivered(1, to: "15550001111")
            released.resolve(())
            let texts = try await system.delivered(2, to: "15550001111").map(\.text)
            #expect(texts[0].hasPrefix("I'm processing your request") && texts[1] == #"The tool said: {"stock":12}"#)
            try await system.quiet()
            #expect(calls.count == 1)
            #expect(try await system.delivered().count == 2)
        }
    }

    @Test func `tools are listed without their secrets, tried, switched and removed`() async throws {
        try await with(options) { system, port in
            try await add(system, port)
            let business = Installation.business
            let listed = try await system.run("tools", "list", "--business", business, "--json")
            #expect(listed.status == 0 && listed.output.joined().contains(#""headers":["Authorization"]"#))
            #expect(!listed.output.joined().contains("tool-secret"))
            let tried = try await system.run(
                "tools", "test", "stock", "--business", business, "--arguments", #"{"sku":"A1"}"#, "--json")
            #expect(tried.status == 0 && tried.output.joined().contains(#""outcome":"done","status":200"#))
            #expect(tried.output.joined().contains(#""result":"{\"stock\":12}""#) && calls.count == 1)
            let wrong = try await system.run("tools", "test", "stock", "--business", business)
            #expect(wrong.status == 1 && wrong.output.joined().contains("sku is required") && calls.count == 1)
            let outside = try await system.run(
                "tools", "test", "stock", "--business", business, "--arguments", #"{"sku":"A1"}"#,
                changing: ["OUTBOUND_ALLOW_HOSTS": ""])
            #expect(outside.status == 1 && outside.output[0].hasPrefix("unreachable") && calls.count == 1)

            let disabled = try await system.run("tools", "disable", "stock", "--business", business)
            #expect(disabled.output == ["Tool stock of business_1 is disabled."])
            try await system.post(#"tool:stock {\"sku\":\"A1\"}"#, from: "15550001111", id: "T1")
            let text = try await system.delivered(1, to: "15550001111")[0].text
            #expect(text.hasPrefix("You said: tool:stock") && calls.count == 1)

            let removed = try await system.run("tools", "remove", "stock", "--business", business, "--json")
            #expect(removed.output == [#"{"business":"business_1","name":"stock","outcome":"removed"}"#])
            let missing = try await system.run("tools", "enable", "stock", "--business", business)
            #expect(missing.status == 1 && missing.errors == ["rejoinder: business_1 has no tool stock"])
            let nobody = try await system.run("tools", "list", "--business", "nobody")
            #expect(nobody.status == 1 && nobody.errors == ["rejoinder: there is no business nobody"])
        }
    }

    @Test func `a declaration that cannot work is refused`() async throws {
        try await with(options) { system, _ in
            for (arguments, error) in [
                (["--parameters", "{"], "rejoinder: --parameters is not JSON"),
                (
                    ["--parameters", #"{"type":"string"}"#],
                    #"rejoinder: --parameters is no schema of arguments: its type is not "object""#
                ),
                (["--headers", #"{"Host":"x"}"#], "rejoinder: --headers: Host cannot be sent"),
            ] {
                let command = try OperatorCommandUnderTest(
                    ["tools", "add", "t", "--business", "b", "--url", "https://example.com/"] + arguments,
                    system.environment)
                let status = try await command.status()
                #expect(status == 64 && command.errors == [error])
            }
        }
    }
}
