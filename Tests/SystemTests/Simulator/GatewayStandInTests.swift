import Native
import TestSupport
import Testing

/// Evolution API and WAHA, as the simulator stands in for them.
@Suite("Simulated Evolution and WAHA", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct GatewayStandInTests {
    func with(
        _ environment: [String: String] = [:], _ body: @LoopActor (SimulatorProcess) async throws -> Void
    ) async throws {
        let simulator = try await SimulatorProcess(environment: environment)
        do {
            try await body(simulator)
        } catch {
            _ = try await simulator.stop()
            throw error
        }
        #expect(try await simulator.stop() == .code(0))
    }

    func text(_ response: HTTPClient.Response) -> String { String(decoding: response.body, as: UTF8.self) }

    func deliveries(_ simulator: SimulatorProcess) async throws -> [String] {
        let response = try await simulator.call("GET", "/simulator/messages?contact=5511999990000")
        return try JSON.read(response.body) { root in
            root.items.compactMap { item in item["provider"]?.string.flatMap { "\($0) \(item["text"]?.string ?? "")" } }
        }
    }

    func setFault(_ simulator: SimulatorProcess, _ json: String) async throws {
        let response = try await simulator.call("POST", "/simulator/faults", json)
        #expect(response.status == 204, "\(text(response))")
    }

    @Test func `Evolution takes a text, tells its state and finds what it sent`() async throws {
        try await with(["EVOLUTION_API_KEY": "key"]) { simulator in
            let proof = [("apikey", "key")], path = "/message/sendText/shop1"
            let body = #"{"number":"5511999990000@s.whatsapp.net","text":"Hi"}"#
            #expect(try await simulator.call("POST", path, body, headers: [("apikey", "other")]).status == 401)
            let sent = try await simulator.call("POST", path, body, headers: proof)
            #expect(sent.status == 201 && text(sent).contains(#""fromMe":true"#))
            let state = try await simulator.call("GET", "/instance/connectionState/shop1", headers: proof)
            #expect(text(state) == #"{"instance":{"instanceName":"shop1","state":"open"}}"#)
            let search = #"{"where":{"key":{"remoteJid":"5511999990000@s.whatsapp.net"}},"offset":50}"#
            let found = try await simulator.call("POST", "/chat/findMessages/shop1", search, headers: proof)
            let records = try JSON.read(found.body) {
                $0["messages"]?["records"]?.items.map { $0["key"]?["fromMe"]?.bool } ?? []
            }
            #expect(records == [true, false])
            #expect(try await deliveries(simulator) == ["evolution Hi"])
            try await setFault(simulator, #"{"evolution":{"mode":"cannot_send"}}"#)
            let closed = try await simulator.call("GET", "/instance/connectionState/shop1", headers: proof)
            #expect(text(closed).contains(#""state":"close""#))
            try await setFault(simulator, #"{"evolution":{"mode":"rejected","count":1}}"#)
            let refused = try await simulator.call("POST", path, body, headers: proof)
            #expect(refused.status == 400 && text(refused).contains(#""exists":false"#))
        }
    }

    @Test func `WAHA takes a text under the id it is given, tells its session and lists what it sent`() async throws {
        try await with(["WAHA_API_KEY": "key"]) { simulator in
            let proof = [("X-Api-Key", "key")]
            let body = #"{"session":"default","chatId":"5511999990000@c.us","text":"Hi","id":"3EB0OURS"}"#
            #expect(try await simulator.call("POST", "/api/sendText", body).status == 401)
            let sent = try await simulator.call("POST", "/api/sendText", body, headers: proof)
            #expect(sent.status == 201 && text(sent).hasPrefix(#"{"id":"true_5511999990000@c.us_3EB0OURS""#))
            let session = try await simulator.call("GET", "/api/sessions/default", headers: proof)
            #expect(text(session) == #"{"name":"default","status":"WORKING","engine":{"engine":"GOWS"}}"#)
            let list = try await simulator.call(
                "GET", "/api/default/chats/5511999990000@c.us/messages?limit=50", headers: proof)
            let ids = try JSON.read(list.body) { $0.items.compactMap { $0["id"]?.string } }
            #expect(ids == ["true_5511999990000@c.us_3EB0OURS", "false_5511999990000@c.us_3EB0FIRST"])
            #expect(try await deliveries(simulator) == ["waha Hi"])
            try await setFault(simulator, #"{"waha":{"mode":"cannot_send"}}"#)
            let stopped = try await simulator.call("GET", "/api/sessions/default", headers: proof)
            #expect(text(stopped).contains(#""status":"STOPPED""#))
            #expect(try await simulator.call("POST", "/api/sendText", body, headers: proof).status == 422)
        }
    }
}
