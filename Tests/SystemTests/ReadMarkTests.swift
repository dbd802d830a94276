import Native
import Shared
import TestSupport
import Testing

@Suite("Read marks and typing, as a contact sees them", .onLoop, .serialized)
@LoopActor struct ReadMarkTests {
    /// Provider, kind and what was marked, in order.
    private func marks(_ system: Installation) async throws -> [String] {
        let answer = try await system.call("GET", system.simulator, "/simulator/marks")
        return try JSON.read(answer.body) { root in
            root.items.map { mark in
                let what = mark["what"]?.items.compactMap(\.string).joined(separator: ",") ?? ""
                return "\(mark["provider"]?.string ?? "") \(mark["kind"]?.string ?? "") \(what)"
            }
        }
    }

    @Test func `they show while the AI thinks, the way the message came`() async throws {
        var options = Installation.Options()
        options.environment = Installation.senders
        try await Installation.with(options) { system in
            try await system.put("shop", []) {
                $0.twilioFrom = "whatsapp:" + Installation.twilioNumber
                $0.metaPhoneNumberID = "106540352242922"
            }
            try await system.api.line(containing: "Businesses are known")
            try await system.fault(#"{"ai":{"mode":"ok","latency_ms":1500}}"#)
            try await system.post("Hi", from: "15550001111", id: "M1", to: "shop")
            try await poll(within: .seconds(20), "the gateway to be told") {
                try await self.marks(system).count == 2 ? true : nil
            }
            #expect(try await system.delivered().isEmpty)
            #expect(
                try await marks(system) == ["baileys read M1", "baileys typing 15550001111@s.whatsapp.net"])
            try await system.twilio(
                "/webhook/twilio/shop",
                Installation.twilioText("Hi", from: "15550002222", id: "SM0123456789abcdef0123456789abcdef"))
            try await system.meta("Hi", to: "106540352242922", from: "15550003333", id: "wamid.AAA")
            try await system.delivered(3)
            try await poll(within: .seconds(20), "all to be told") {
                try await self.marks(system).count == 4 ? true : nil
            }
            #expect(
                Set(try await marks(system).dropFirst(2))
                    == ["twilio both SM0123456789abcdef0123456789abcdef", "meta both wamid.AAA"])
            try await system.quiet()
        }
    }

    @Test func `who wants none has none`() async throws {
        try await Installation.with { system in
            try await system.put(Installation.business, [.baileys]) { $0.readMarks = false }
            try await system.post("Hi", from: "15550001111", id: "M1")
            try await system.delivered(1)
            #expect(try await marks(system).isEmpty)
            try await system.put(Installation.business, [.baileys]) { $0.readMarks = true }
            try await poll(within: .seconds(20), "the worker to know") {
                let id = "R\(Int.random(in: 0..<1_000_000))"
                try await system.post("Hi", from: "15550001111", id: id)
                try await system.quiet()
                return try await self.marks(system).isEmpty ? nil : true
            }
        }
    }

    @Test func `what is not answered is not marked as read`() async throws {
        try await Installation.with { system in
            let taken = try await system.run("handover", Installation.business, "15550001111")
            #expect(taken.status == 0)
            try await system.post("Hi", from: "15550001111", id: "M1")
            try await system.quiet()
            try await system.post("Hi", from: "15550002222", id: "M2")
            try await system.delivered(1, to: "15550002222")
            try await poll(within: .seconds(20), "a mark") { try await self.marks(system).isEmpty ? nil : true }
            #expect(try await marks(system)[0] == "baileys read M2")
        }
    }
}
