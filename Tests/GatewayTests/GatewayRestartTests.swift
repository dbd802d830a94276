import Native
import TestSupport
import Testing

@Suite("Restarts of the gateway", .onLoop, .timeLimit(.minutes(3)))
@LoopActor struct GatewayRestartTests {
    @Test func `while it keeps sending and restarts are asked for, none is interrupted`() async throws {
        try await GatewayKind.node.run { gateway in
            try await gateway.answer(.takesLate(5))
            let isOver = OneShot<Void>()
            let restarts = LoopActor.loop.spawn { () -> (done: Int, refused: Int) in
                var done = 0
                var refused = 0
                while isOver.result == nil {
                    if try await gateway.call("POST", "restart").status == 202 {
                        done += 1
                        try await gateway.until("a new socket") {
                            try await gateway.call("GET", "status").flag("canSend") == true
                        }
                    } else {
                        refused += 1
                    }
                }
                return (done, refused)
            }
            var sent: [String] = []
            var number = 0
            // Until both have been seen: a restart that was taken, and one that was refused for a send.
            while sent.count < 40 {
                number += 1
                let id = "3EB0" + String(repeating: "0", count: 18 - "\(number)".count) + "\(number)"
                let reply = try await gateway.send(id)
                #expect(reply.status == 200 || reply.status == 409, "\(reply.text)")
                if reply.status == 200 { sent.append(id) }
            }
            isOver.resolve(())
            let counts = try await restarts.value
            #expect(counts.done > 0 && counts.refused > 0, "\(counts)")
            #expect(try await gateway.delivered() == sent)
        }
    }
}
