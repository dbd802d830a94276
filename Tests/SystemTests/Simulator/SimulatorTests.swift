import Foundation
import Native
import TestSupport
import Testing

@Suite("Simulator", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct SimulatorTests {
    let loop = LoopActor.loop

    /// Runs a simulator as long as `body`, then stops it.
    func with(
        _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: (SimulatorProcess) async throws -> Void
    ) async throws {
        let simulator = try await SimulatorProcess(arguments, environment: environment)
        do {
            try await body(simulator)
        } catch {
            _ = try await simulator.stop()
            throw error
        }
        #expect(try await simulator.stop() == .code(0))
    }

    func send(
        _ simulator: SimulatorProcess, _ id: String, text: String = "Hi", to: String = "972501234567@s.whatsapp.net",
        timeout: Duration = .seconds(10)
    ) async throws(HTTPClientError) -> HTTPClient.Response {
        try await simulator.call(
            "POST", "/whatsapp/b1/send", #"{"to":"\#(to)","text":"\#(text)","messageId":"\#(id)"}"#, timeout: timeout)
    }

    func texts(_ simulator: SimulatorProcess, _ query: String = "") async throws -> [String] {
        let response = try await simulator.call("GET", "/simulator/messages\(query)")
        return try JSON.read(response.body) { $0.items.compactMap { $0["text"]?.string } }
    }

    func setFault(_ simulator: SimulatorProcess, _ json: String) async throws {
        let response = try await simulator.call("POST", "/simulator/faults", json)
        #expect(response.status == 204, "\(text(response))")
    }

    func text(_ response: HTTPClient.Response) -> String { String(decoding: response.body, as: UTF8.self) }

    // MARK: The gateway

    @Test func `an id delivers once, however often it is sent`() async throws {
        try await with { simulator in
            let first = try await send(simulator, "3EB0A")
            let second = try await send(simulator, "3EB0A", text: "another text")
            #expect(first.status == 200 && text(first).contains(#""duplicate":false"#))
            #expect(second.status == 200 && text(second).contains(#""duplicate":true"#))
            let delivered = try await texts(simulator)
            #expect(delivered == ["Hi"])
            let statistics = try await simulator.call("GET", "/simulator/stats")
            #expect(text(statistics).contains(#""gateway":{"calls":2,"delivered":1,"duplicates":1,"faults":0}"#))
        }
    }

    @Test func `the same id sent many times at once delivers once`() async throws {
        try await with(["--gateway-latency-ms", "50"]) { simulator in
            let statuses = try await atOnce(20) { _ in try await send(simulator, "3EB0B").status }
            #expect(statuses == Array(repeating: 200, count: 20))
            let delivered = try await texts(simulator)
            #expect(delivered == ["Hi"])
        }
    }

    @Test(arguments: [
        ("error", 0), ("hang", 0), ("close", 0), ("cannot_send", 0), ("deliver_then_hang", 1),
        ("deliver_then_close", 1),
    ])
    func `a fault fails the send, and delivers only if it says so`(mode: String, delivered: Int) async throws {
        try await with { simulator in
            try await setFault(simulator, #"{"gateway":{"mode":"\#(mode)","count":1}}"#)
            do throws(HTTPClientError) {
                let status = try await send(simulator, "3EB0C", timeout: .milliseconds(500)).status
                #expect(status == (mode == "error" ? 500 : 409))
                #expect(mode == "error" || mode == "cannot_send")
            } catch {
                switch error {
                case .timedOut: #expect(mode.hasSuffix("hang"))
                case .broken: #expect(mode.hasSuffix("close"))
                default: Issue.record("\(error)")
                }
            }
            let after = try await texts(simulator).count
            #expect(after == delivered)
            let lookup = try await simulator.call("GET", "/whatsapp/b1/messages/3EB0C")
            #expect(lookup.status == (delivered == 1 ? 200 : 404))
            // The fault was for one call: the next is served, and the id delivers once in all.
            let again = try await send(simulator, "3EB0C")
            #expect(again.status == 200)
            let total = try await texts(simulator).count
            #expect(total == 1)
        }
    }

    @Test func `a fault of sends leaves the status alone, one of all calls does not`() async throws {
        try await with { simulator in
            try await setFault(simulator, #"{"gateway":{"mode":"error","count":1}}"#)
            for _ in 0..<3 {
                let status = try await simulator.call("GET", "/whatsapp/b1/status")
                #expect(text(status).contains(#""canSend":true"#))
            }
            try await setFault(simulator, #"{"gateway":{"mode":"error","calls":"all"}}"#)
            let status = try await simulator.call("GET", "/whatsapp/b1/status").status
            #expect(status == 500)
            try await setFault(simulator, #"{"gateway":{"mode":"cannot_send"}}"#)
            let unable = try await simulator.call("GET", "/whatsapp/b1/status")
            #expect(text(unable).contains(#""connected":true,"canSend":false"#))
            let reset = try await simulator.call("DELETE", "/simulator/faults")
            #expect(reset.status == 204)
            let able = try await simulator.call("GET", "/whatsapp/b1/status")
            #expect(text(able).contains(#""canSend":true"#))
        }
    }

    @Test func `a fault of one business leaves the others alone`() async throws {
        try await with { simulator in
            try await setFault(simulator, #"{"gateway":{"mode":"error","calls":"all","tenant":"b2"}}"#)
            let message = #"{"to":"972501234567@s.whatsapp.net","text":"Hi","messageId":"3EB0F"}"#
            let statuses = [
                try await send(simulator, "3EB0E").status,
                try await simulator.call("GET", "/whatsapp/b1/status").status,
                try await simulator.call("POST", "/whatsapp/b2/send", message).status,
                try await simulator.call("GET", "/whatsapp/b2/status").status,
            ]
            #expect(statuses == [200, 200, 500, 500])
            let refused = try await simulator.call(
                "POST", "/simulator/faults", #"{"ai":{"mode":"error","tenant":"b2"}}"#)
            #expect(refused.status == 400)
        }
    }

    @Test func `a restart is refused while a send is active`() async throws {
        try await with { simulator in
            try await setFault(simulator, #"{"gateway":{"mode":"deliver_then_hang"}}"#)
            let sending = loop.spawn { try? await send(simulator, "3EB0D", timeout: .seconds(20)) }
            // Delivered, and not answered.
            let delivered = try await texts(simulator, "?wait_ms=10000")
            #expect(delivered == ["Hi"])
            let busy = try await simulator.call("POST", "/whatsapp/b1/restart")
            #expect(busy.status == 409 && text(busy).contains(#""error":"busy""#))
            let status = try await simulator.call("GET", "/whatsapp/b1/sending-status")
            #expect(text(status) == #"{"isSending":true,"activeSends":1}"#)
            _ = try await simulator.call("DELETE", "/simulator/faults")
            _ = await sending.value
            let idle = try await simulator.call("POST", "/whatsapp/b1/restart")
            #expect(idle.status == 202)
        }
    }

    @Test func `the gateway's calls need the secret`() async throws {
        try await with(environment: ["INTERNAL_SECRET": "s3cret"]) { simulator in
            let without = try await send(simulator, "3EB0E").status
            #expect(without == 401)
            let with = try await simulator.call(
                "GET", "/whatsapp/b1/status", headers: [("X-Internal-Secret", "s3cret")])
            #expect(with.status == 200)
        }
    }

    @Test func `a business that logged out cannot send until it is started again`() async throws {
        try await with { simulator in
            _ = try await simulator.call("POST", "/whatsapp/b1/logout")
            let refused = try await send(simulator, "3EB0F").status
            #expect(refused == 409)
            let qr = try await simulator.call("GET", "/whatsapp/b1/qr")
            #expect(text(qr).contains("simulated-pairing-code"))
            _ = try await simulator.call("POST", "/whatsapp/b1/start")
            let sent = try await send(simulator, "3EB0F").status
            #expect(sent == 200)
        }
    }

    // MARK: Twilio and Meta

    @Test func `Twilio takes a form, answers 201 and lists what it took`() async throws {
        try await with(environment: ["TWILIO_AUTH_TOKEN": "token"]) { simulator in
            let path = "/2010-04-01/Accounts/AC1/Messages.json"
            let proof = [("Authorization", "Basic " + Base64.encode(Array("AC1:token".utf8)))]
            let form = "To=whatsapp%3A%2B972501234567&From=whatsapp%3A%2B15550000000&Body=Ol%C3%A1+%26+ok"
            let unproven = try await simulator.call("POST", path, form)
            #expect(unproven.status == 401 && text(unproven).contains(#""code":20003"#))
            let sent = try await simulator.call("POST", path, form, headers: proof)
            #expect(sent.status == 201)
            #expect(text(sent).contains(#""body":"Olá & ok","status":"queued""#))
            let list = try await simulator.call("GET", path + "?To=whatsapp%3A%2B972501234567", headers: proof)
            #expect(text(list).contains(#""body":"Olá & ok","status":"sent""#))
            let other = try await simulator.call("GET", path + "?To=whatsapp%3A%2B1", headers: proof)
            #expect(text(other).hasPrefix(#"{"messages":[]"#))
            let delivered = try await texts(simulator, "?contact=972501234567")
            #expect(delivered == ["Olá & ok"])
            try await setFault(simulator, #"{"twilio":{"mode":"rate_limited","count":1}}"#)
            let limited = try await simulator.call("POST", path, form, headers: proof)
            #expect(limited.status == 429 && limited.header("Retry-After") == "1")
        }
    }

    @Test func `Meta takes a text`() async throws {
        try await with { simulator in
            let sent = try await simulator.call(
                "POST", "/v21.0/106540352242922/messages",
                #"{"messaging_product":"whatsapp","to":"16505551234","type":"text","text":{"body":"Hi"}}"#,
                headers: [("Authorization", "Bearer token")])
            #expect(sent.status == 200 && text(sent).contains("wamid."))
            let delivered = try await texts(simulator, "?contact=16505551234")
            #expect(delivered == ["Hi"])
        }
    }

    // MARK: The AI

    func ask(_ simulator: SimulatorProcess, _ messages: String, more: String = "") async throws -> HTTPClient.Response {
        try await simulator.call("POST", "/v1/chat/completions", #"{"model":"m","messages":[\#(messages)]\#(more)}"#)
    }

    @Test func `the AI says what it was told`() async throws {
        try await with { simulator in
            let plain = try await ask(
                simulator,
                #"{"role":"user","content":"one"},{"role":"assistant","content":"x"},{"role":"user","content":"two"}"#)
            #expect(text(plain).contains(#""content":"You said: two\n"#))
            let parts = try await ask(
                simulator,
                #"{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{}}]}"#)
            #expect(text(parts).contains("You said: look [image_url]"))
            let models = try await simulator.call("GET", "/v1/models")
            #expect(models.status == 200)
        }
    }

    @Test func `the AI calls a tool when it is told to, and says its answer`() async throws {
        try await with { simulator in
            let tools = #","tools":[{"type":"function","function":{"name":"weather"}}]"#
            let asked = #"{"role":"user","content":"tool:weather {\"city\":\"Haifa\"}"}"#
            let call = try await ask(simulator, asked, more: tools)
            #expect(text(call).contains(#""function":{"name":"weather","arguments":"{\"city\":\"Haifa\"}"}"#))
            #expect(text(call).contains(#""finish_reason":"tool_calls""#))
            let answer = try await ask(
                simulator, asked + #",{"role":"tool","tool_call_id":"call_1","content":"sunny"}"#, more: tools)
            #expect(text(answer).contains("The tool said: sunny"))
        }
    }

    @Test func `the AI fails as told`() async throws {
        try await with(["--ai-mode", "empty"]) { simulator in
            let user = #"{"role":"user","content":"one"}"#
            let empty = try await ask(simulator, user)
            #expect(empty.status == 200 && text(empty).contains(#""content":"""#))
            try await setFault(simulator, #"{"ai":{"mode":"error"}}"#)
            let failed = try await ask(simulator, user).status
            #expect(failed == 500)
            try await setFault(simulator, #"{"ai":{"mode":"rate_limited","count":1}}"#)
            let limited = try await ask(simulator, user)
            #expect(limited.status == 429 && limited.header("Retry-After") == "1")
            try await setFault(simulator, #"{"ai":{"mode":"rejected","count":1}}"#)
            let refused = try await ask(simulator, user)
            #expect(refused.status == 401 && text(refused).contains("invalid_api_key"))
            let served = try await ask(simulator, user)
            #expect(text(served).contains("You said: one"))
        }
    }

    // MARK: The witness

    @Test func `who waits hears of a message as it is delivered`() async throws {
        try await with { simulator in
            let waiting = loop.spawn { try await texts(simulator, "?contact=972509999999&after=0&wait_ms=20000") }
            // Another contact's does not end the wait.
            _ = try await send(simulator, "3EB01", text: "for another")
            _ = try await send(simulator, "3EB02", text: "for us", to: "972509999999@s.whatsapp.net")
            let heard = try await waiting.value
            #expect(heard == ["for us"])
            let nothing = try await texts(simulator, "?contact=972509999999&after=2&wait_ms=20")
            #expect(nothing.isEmpty)
        }
    }

    @Test func `the oldest messages are forgotten past the limit, numbers go on`() async throws {
        try await with(["--remember", "3"]) { simulator in
            for number in 1...8 {
                let contact = number.isMultiple(of: 2) ? "97250000002" : "97250000001"
                _ = try await send(simulator, "3EB\(number)", text: "n\(number)", to: contact)
            }
            let all = try await texts(simulator)
            #expect(all == ["n6", "n7", "n8"])
            let one = try await texts(simulator, "?contact=97250000001")
            #expect(one == ["n7"])
            let later = try await texts(simulator, "?after=7")
            #expect(later == ["n8"])
            _ = try await simulator.call("DELETE", "/simulator/messages")
            _ = try await send(simulator, "3EB9", text: "n9")
            let rest = try await simulator.call("GET", "/simulator/messages")
            #expect(text(rest).hasPrefix(#"[{"seq":9,"#))
        }
    }

    // MARK: The program

    @Test(arguments: [
        #"{"gateway":{"mode":"explode"}}"#, #"{"gateway":{"mode":"empty"}}"#, #"{"nobody":{}}"#, "[]", "{",
        #"{"ai":{"mode":"ok","latency_ms":-1}}"#, #"{"ai":{"mode":"error","count":0}}"#,
    ])
    func `a fault that is not known is refused`(json: String) async throws {
        try await with { simulator in
            let status = try await simulator.call("POST", "/simulator/faults", json).status
            #expect(status == 400)
        }
    }

    @Test func `other paths get 404, other methods 405`() async throws {
        try await with { simulator in
            let path = try await simulator.call("GET", "/nothing").status
            #expect(path == 404)
            let method = try await simulator.call("DELETE", "/v1/models")
            #expect(method.status == 405 && method.header("Allow") == "GET")
            let ready = try await simulator.call("GET", "/health/ready").status
            #expect(ready == 200)
        }
    }

    @Test func `a call that hangs does not keep it from ending with 0`() async throws {
        let simulator = try await SimulatorProcess(["--ai-mode", "hang"])
        let hanging = loop.spawn { try? await ask(simulator, #"{"role":"user","content":"x"}"#) }
        var calls = ""
        while !calls.contains(#""ai":{"calls":1"#) { calls = text(try await simulator.call("GET", "/simulator/stats")) }
        #expect(try await simulator.stop() == .code(0))
        _ = await hanging.value
        #expect(simulator.log.count == 2)
        #expect(simulator.log.first?.contains(#""event":"process_started""#) == true)
    }

    @Test func `an option that is not known ends it with 64, the wish for help with 0`() async throws {
        for (words, code) in [
            (["--explode", "1"], 64), (["--port"], 64), (["--ai-mode", "cannot_send"], 64), (["--help"], 0),
        ] {
            var command = ChildCommand(SimulatorProcess.executable, words)
            command.output = .null
            command.errors = .null
            #expect(try await ChildProcess(command).exit == .code(code))
        }
        var command = ChildCommand(SimulatorProcess.executable)
        command.environment = ["SIMULATOR_EXPLODE": "1"]
        command.errors = .null
        #expect(try await ChildProcess(command).exit == .code(64))
    }
}
