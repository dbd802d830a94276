import Native
import TestSupport
import Testing

/// SPEC section 8, over whatever speaks it: each row a test, each test over the simulator and the gateway in Node.
@Suite("The gateway's contract", .onLoop, .timeLimit(.minutes(3)))
@LoopActor struct GatewayContractTests {
    private static let id = "3EB0C431C26A1916E07E55"

    @Test(arguments: GatewayKind.allCases)
    func `a send is answered with its id, and a repeated one with the first answer`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let first = try await gateway.send(Self.id)
            #expect(first.status == 200, "\(first.text)")
            #expect(first.flag("ok") == true && first.string("messageId") == Self.id)
            #expect(first.flag("duplicate") == false && first.int("durationMs") ?? -1 >= 0)
            let again = try await gateway.send(Self.id, text: "Other words")
            #expect(again.status == 200 && again.flag("duplicate") == true && again.string("messageId") == Self.id)
            #expect(try await gateway.delivered() == [Self.id])
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `one id sent many times at once goes out once`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            try await gateway.answer(.takesLate(300))
            let flags = try await atOnce(10) { _ in
                let reply = try await gateway.send(Self.id)
                return reply.status == 200 ? reply.flag("duplicate") : nil
            }
            #expect(flags.filter { $0 == false }.count == 1 && flags.filter { $0 == true }.count == 9)
            #expect(try await gateway.delivered() == [Self.id])
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `who cannot send says so, and has never seen the id`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            try await gateway.disable()
            #expect(try await gateway.call("GET", "status").flag("canSend") == false)
            let reply = try await gateway.send(Self.id)
            #expect(reply.status == 409 && reply.string("error") == "cannot_send")
            #expect(try await gateway.call("GET", "messages/\(Self.id)").status == 404)
            #expect(try await gateway.delivered().isEmpty)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `a send that WhatsApp does not answer is 504, stays open and is not sent again`(
        kind: GatewayKind
    ) async throws {
        try await kind.run(sendSeconds: 1) { gateway in
            try await gateway.answer(.isSilent)
            let first = try await gateway.send(Self.id)
            #expect(first.status == 504 && first.string("state") == "sending", "\(first.text)")
            let asked = try await gateway.call("GET", "messages/\(Self.id)")
            #expect(asked.status == 200 && asked.string("state") == "sending")
            try await gateway.answer(.takes)
            let again = try await gateway.send(Self.id)
            #expect(again.status == 504 && again.flag("duplicate") == true)
            #expect(try await gateway.delivered().filter { $0 == Self.id }.count <= 1)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `what WhatsApp refuses has failed, and is refused again unsent`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            try await gateway.answer(.refuses)
            let first = try await gateway.send(Self.id)
            #expect(first.status == 422 && first.string("error") == "refused" && first.string("code") == "463")
            #expect(try await gateway.call("GET", "messages/\(Self.id)").string("state") == "failed")
            try await gateway.answer(.takes)
            let again = try await gateway.send(Self.id)
            #expect(again.status == 422 && again.flag("duplicate") == true)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `an id is asked about: sent, or never seen`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            _ = try await gateway.send(Self.id)
            let known = try await gateway.call("GET", "messages/\(Self.id)")
            #expect(known.status == 200 && known.string("state") == "sent")
            let unknown = try await gateway.call("GET", "messages/3EB0000000000000000000")
            #expect(unknown.status == 404)
            let memory = try #require(unknown.int("remembersSince"))
            #expect((0...Int(WallTime.now().milliseconds)).contains(memory))
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `the state has every field`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let status = try await gateway.call("GET", "status")
            #expect(status.status == 200 && status.flag("connected") == true && status.flag("canSend") == true)
            #expect(status.flag("authPaired") == true && status.flag("starting") == false)
            #expect(status.flag("hasSocket") == true && status.text.contains(#""lastError":null"#))
            let sending = try await gateway.call("GET", "sending-status")
            #expect(sending.flag("isSending") == false && sending.int("activeSends") == 0)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `a restart is refused while a send is active, and taken when none is`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            try await gateway.answer(.takesLate(4000))
            let send = LoopActor.loop.spawn { try await gateway.send(Self.id).status }
            try await gateway.until("an active send") {
                let sending = try await gateway.call("GET", "sending-status")
                return sending.flag("isSending") == true && sending.int("activeSends") == 1
            }
            let refused = try await gateway.call("POST", "restart")
            #expect(refused.status == 409 && refused.string("error") == "busy")
            #expect(try await send.value == 200)
            try await gateway.answer(.takes)
            #expect(try await gateway.call("POST", "restart").status == 202)
            try await gateway.until("a new socket") { try await gateway.call("GET", "status").flag("canSend") == true }
            #expect(try await gateway.send("3EB0C431C26A1916E07E56").status == 200)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `logged out it has a code to scan, and sends again when it is paired`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let paired = try await gateway.call("GET", "qr")
            #expect(paired.flag("authPaired") == true && paired.text.contains(#""qr":null"#))
            #expect(try await gateway.call("POST", "logout").status == 200)
            let status = try await gateway.call("GET", "status")
            #expect(status.flag("authPaired") == false && status.flag("canSend") == false)
            #expect(try await gateway.send(Self.id).status == 409)
            #expect(try await gateway.call("GET", "qr").flag("authPaired") == false)
            #expect(try await gateway.call("POST", "start").status == 202)
            try await gateway.pair()
            #expect(try await gateway.send(Self.id).status == 200)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `typing and read marks are taken`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let to = #""to":"972501234567@s.whatsapp.net""#
            let typing = try await gateway.call("POST", "typing", "{\(to)}")
            let read = try await gateway.call("POST", "read", #"{\#(to),"messageIds":["3EB0FIRST"]}"#)
            #expect(typing.status == 200 && read.status == 200)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `media is had by its message's id`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            try await gateway.bring("bytes of a picture", type: "image/jpeg", with: "3EB0PICTURE")
            let media = try await gateway.call("GET", "media/3EB0PICTURE")
            #expect(media.status == 200 && media.text == "bytes of a picture")
            #expect(try await gateway.call("GET", "media/3EB0OTHER").status == 404)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `a wrong secret opens nothing, whatever the body`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let calls = [
                ("POST", "send"), ("GET", "messages/\(Self.id)"), ("GET", "status"), ("GET", "sending-status"),
                ("POST", "restart"), ("POST", "start"), ("GET", "qr"), ("POST", "logout"), ("POST", "typing"),
                ("POST", "read"), ("GET", "media/\(Self.id)"),
            ]
            for (method, name) in calls {
                let reply = try await gateway.call(method, name, method == "POST" ? "not JSON" : "", secret: "wrong")
                #expect(reply.status == 401 && reply.text == #"{"error":"unauthorized"}"#, "\(name)")
            }
            #expect(try await gateway.call("GET", "status").flag("canSend") == true)
        }
    }

    @Test(arguments: GatewayKind.allCases)
    func `a body that cannot be sent is 400, and nothing goes out`(kind: GatewayKind) async throws {
        try await kind.run { gateway in
            let bodies = [
                "{", "[]", #"{"to":"972501234567@s.whatsapp.net","text":"Hi"}"#,
                #"{"to":"972501234567@s.whatsapp.net","messageId":"\#(Self.id)"}"#,
                #"{"text":"Hi","messageId":"\#(Self.id)"}"#, #"{"to":"","text":"Hi","messageId":"\#(Self.id)"}"#,
                #"{"to":7,"text":"Hi","messageId":"\#(Self.id)"}"#,
            ]
            for body in bodies {
                let reply = try await gateway.call("POST", "send", body)
                #expect(reply.status == 400 && reply.string("error") == "bad_request", "\(body)")
                #expect(reply.string("message")?.isEmpty == false)
            }
            #expect(try await gateway.delivered().isEmpty)
        }
    }
}
