import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Evolution normaliser", .onLoop)
@LoopActor struct EvolutionNormalizerTests {
    static let now = WallTime(milliseconds: 1_763_700_000_000)

    func normalize(_ body: String) throws -> [InboundEvent] {
        try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try EvolutionNormalizer.normalize(root, tenant: "shop", now: Self.now)
        }
    }

    /// The body of an event as Evolution 2.3 posts it.
    func body(_ event: String, data: String) -> String {
        """
        {"event":"\(event)","instance":"shop1","data":\(data),"destination":"https://bot.example.com/webhook/evolution",
        "date_time":"2025-11-21T21:22:41.518Z","sender":"5511888880000@s.whatsapp.net",
        "server_url":"http://evolution:8080","apikey":"B6D711FCDE4D4FD5936544120E713976"}
        """
    }

    func upsert(
        jid: String = "5511999990000@s.whatsapp.net", key: String = "", message: String = #"{"conversation":"Hi"}"#,
        type: String = "conversation", more: String = ""
    ) -> String {
        """
        {"key":{"remoteJid":"\(jid)","fromMe":false,"id":"3AEB0C431C26A1916E07"\(key)},"pushName":"Ana",
        "status":"DELIVERY_ACK","message":\(message),"contextInfo":{},"messageType":"\(type)",
        "messageTimestamp":1717604327,"instanceId":"8c3a54d2-7d5a-4a55-9d59-1d1a3f8f2c01","source":"android"\(more)}
        """
    }

    func message(_ data: String) throws -> InboundMessage {
        let events = try normalize(body("messages.upsert", data: data))
        guard case .message(let message) = events.first, events.count == 1 else {
            throw JSONError.unexpected("not one message: \(events)")
        }
        return message
    }

    @Test func `the documented body becomes one message, at its own time`() throws {
        let message = try message(upsert())
        #expect(message.tenant == "shop" && message.provider == .evolution)
        #expect(message.address.rawValue == "5511999990000@s.whatsapp.net" && message.contact == "5511999990000")
        #expect(message.contactName == "Ana" && message.messageID == "3AEB0C431C26A1916E07")
        #expect(message.kind == .text && message.text == "Hi")
        // Not `date_time`, which is local time with a Z behind it.
        #expect(message.sentAt.milliseconds == 1_717_604_327_000)
    }

    @Test(
        arguments: [
            (#"{"conversation":"Olá 👋🏽 שלום"}"#, MessageKind.text, "Olá 👋🏽 שלום"),
            (
                #"{"conversation":"Ol\u00e1 \ud83d\udc4b","messageContextInfo":{"deviceListMetadataVersion":2}}"#,
                .text, "Olá 👋"
            ),
            (
                #"{"imageMessage":{"url":"https://mmg.whatsapp.net/x","mimetype":"image/jpeg","caption":"c"},"base64":"/9j/4AAQ"}"#,
                .image, "c"
            ),
            (#"{"audioMessage":{"ptt":true,"seconds":3,"mimetype":"audio/ogg; codecs=opus"}}"#, .audio, nil),
            (#"{"documentMessage":{"caption":"d","fileName":"a.pdf","mimetype":"application/pdf"}}"#, .document, "d"),
            (#"{"stickerMessage":{}}"#, .sticker, nil),
            (#"{"templateButtonReplyMessage":{"selectedId":"1","selectedDisplayText":"Yes"}}"#, .text, "Yes"),
        ] as [(String, MessageKind, String?)])
    func `content is read as Baileys' is`(content: String, kind: MessageKind, text: String?) throws {
        let message = try message(upsert(message: content))
        #expect(message.kind == kind && message.text == text)
    }

    @Test func `media that Evolution keeps is fetched from there, never taken from the body`() throws {
        let content =
            #"{"imageMessage":{"mimetype":"image/jpeg"},"base64":"/9j/4AAQ","mediaUrl":"https://s3.example/x.jpg"}"#
        let message = try message(upsert(message: content))
        #expect(message.kind == .image && message.text == nil)
        #expect(message.media?.url == "https://s3.example/x.jpg" && message.media?.id == "3AEB0C431C26A1916E07")
    }

    @Test func `a quote that was moved out of a flattened text is kept`() throws {
        let data = upsert().replacing(#""contextInfo":{}"#, with: #""contextInfo":{"stanzaId":"3EB0OURS"}"#)
        #expect(try message(data).quotedID == "3EB0OURS")
        #expect(try message(upsert()).quotedID == nil)
    }

    /// A group's text as `BaileysStartupService.prepareMessage` of Evolution 2.3 leaves it: `extendedTextMessage` has become
    /// `conversation`, its context stands beside the message. Our number is the body's `sender`.
    func groupText(_ context: String) -> String {
        """
        {"key":{"remoteJid":"120363020000000000@g.us","fromMe":false,"id":"3A5F0C431C26A1916E07",
        "participant":"5511999990000@s.whatsapp.net"},"pushName":"Ana","status":"DELIVERY_ACK",
        "message":{"messageContextInfo":{"messageSecret":"c2VjcmV0"},"conversation":"@5511888880000 are you open?"},
        "contextInfo":\(context),"messageType":"conversation","messageTimestamp":1717604327,
        "instanceId":"8c3a54d2-7d5a-4a55-9d59-1d1a3f8f2c01","source":"android"}
        """
    }

    @Test(
        arguments: [
            (#"{"mentionedJid":["5511777770000@s.whatsapp.net","5511888880000@s.whatsapp.net"]}"#, nil, true),
            (
                #"{"stanzaId":"3EB0OURS","participant":"5511888880000@s.whatsapp.net","quotedMessage":{"conversation":"Hi"}}"#,
                "3EB0OURS", true
            ),
            (#"{"stanzaId":"3A00","participant":"5511777770000@s.whatsapp.net"}"#, "3A00", false),
            (#"{"mentionedJid":["5511777770000@s.whatsapp.net"]}"#, nil, false), ("{}", nil, false),
            // No id of a message: whom it answers is known all the same.
            (#"{"stanzaId":"a|b","participant":"5511888880000@s.whatsapp.net"}"#, nil, true),
        ] as [(String, String?, Bool)])
    func `a mention of us or a reply to us counts in a group's flattened text`(
        context: String, quotedID: String?, isToUs: Bool
    ) throws {
        let message = try message(groupText(context))
        #expect(message.text == "@5511888880000 are you open?" && message.quotedID == quotedID)
        #expect(message.author?.isToUs == isToUs)
        #expect(GroupPolicy.admits(message, .mention) == isToUs)
    }

    @Test func `a phone beside a lid is the contact`() throws {
        let message = try message(
            upsert(jid: "123456789012345@lid", key: #","remoteJidAlt":"5511999990000@s.whatsapp.net""#))
        #expect(message.address.rawValue == "123456789012345@lid" && message.contact == "5511999990000")
    }

    @Test func `data may be an array of messages, each judged alone`() throws {
        let own = upsert().replacing(#""fromMe":false"#, with: #""fromMe":true"#)
        let events = try normalize(body("messages.upsert", data: "[\(upsert()),\(own),{\"key\":7}]"))
        guard events.count == 3, case .message = events[0] else {
            Issue.record("\(events)")
            return
        }
        guard case .ownMessage(let own) = events[1] else {
            Issue.record("\(events[1])")
            return
        }
        #expect(own.provider == .evolution && own.contact == "5511999990000")
        guard case .rejected(let problem) = events[2] else {
            Issue.record("\(events[2])")
            return
        }
        #expect(problem.hasPrefix("data[2].key "))
    }

    @Test(arguments: [
        (#"{"reactionMessage":{"key":{},"text":"👍"}}"#, IgnoreReason.reaction),
        (#"{"protocolMessage":{"type":"REVOKE","key":{}}}"#, .revoke), (#"{"pollUpdateMessage":{}}"#, .technical),
        ("{}", .technical), ("null", .stub),
    ])
    func `what is nothing to answer is ignored`(content: String, reason: IgnoreReason) throws {
        let events = try normalize(body("messages.upsert", data: upsert(message: content)))
        #expect(events == [.ignored(reason)])
    }

    @Test(arguments: [
        ("status@broadcast", IgnoreReason.status), ("1@broadcast", .broadcast), ("1@newsletter", .newsletter),
    ])
    func `what is no conversation is ignored`(jid: String, reason: IgnoreReason) throws {
        #expect(try normalize(body("messages.upsert", data: upsert(jid: jid))) == [.ignored(reason)])
    }

    @Test(arguments: [
        (#""SERVER_ACK""#, DeliveryStatus.sent), (#""DELIVERY_ACK""#, .delivered), (#""READ""#, .read),
        (#""PLAYED""#, .read), (#""ERROR""#, .failed), ("0", .failed), ("2", .sent), ("3", .delivered), ("4", .read),
        ("5", .read), (#""3""#, .delivered),
    ])
    func `an update of a message of ours is a receipt`(status: String, expected: DeliveryStatus) throws {
        let data = """
            {"keyId":"3EB0C431C26A1916E07E","remoteJid":"5511999990000@s.whatsapp.net","fromMe":true,"status":\(status),
            "instanceId":"8c3a54d2","messageId":"cm3x1"}
            """
        let receipt = DeliveryReceipt(
            tenant: "shop", provider: .evolution, providerMessageID: "3EB0C431C26A1916E07E", status: expected,
            at: Self.now, error: expected == .failed ? "evolution_error" : nil)
        #expect(try normalize(body("messages.update", data: data)) == [.receipt(receipt)])
        #expect(try normalize(body("messages.update", data: "[\(data)]")) == [.receipt(receipt)])
    }

    @Test func `an update that is no delivery of ours is ignored`() throws {
        let theirs = #"{"keyId":"3A","remoteJid":"1@s.whatsapp.net","fromMe":false,"status":"READ"}"#
        #expect(try normalize(body("messages.update", data: theirs)) == [.ignored(.technical)])
        for status in [#""PENDING""#, "1", #""DELETED""#, #""EDITED""#, "null", "9"] {
            let other = #"{"keyId":"3EB0","remoteJid":"1@s.whatsapp.net","fromMe":true,"status":\#(status)}"#
            #expect(try normalize(body("messages.update", data: other)) == [.ignored(.technical)])
        }
    }

    @Test(arguments: [
        ("send.message", IgnoreReason.own), ("messages.edited", .edit), ("send.message.update", .edit),
        ("messages.delete", .revoke), ("connection.update", .technical), ("qrcode.updated", .technical),
        ("presence.update", .technical), ("group-participants.update", .technical), ("call", .technical),
        ("an.event.of.tomorrow", .technical),
    ])
    func `other events are ignored`(event: String, reason: IgnoreReason) throws {
        #expect(try normalize(body(event, data: "{}")) == [.ignored(reason)])
    }

    @Test func `an event is known in each way it is written`() throws {
        for name in ["messages.upsert", "MESSAGES_UPSERT", "messages-upsert"] {
            guard case .message = try normalize(body(name, data: upsert())).first else {
                Issue.record("\(name)")
                return
            }
        }
        #expect(EvolutionEvent.names.contains(EvolutionEvent.pathName("group-participants.update")))
    }

    @Test(arguments: [
        ("[]", "body"), (#"{"instance":"x"}"#, "event"), (#"{"event":"messages.upsert"}"#, "data"),
        (#"{"event":"messages.upsert","data":"x"}"#, "data"), (#"{"event":"messages.update","data":7}"#, "data"),
    ])
    func `a body of another shape is refused with what and where`(body: String, place: String) {
        #expect {
            try normalize(body)
        } throws: { error in
            guard case .unexpected(let detail) = error as? JSONError else { return false }
            return detail.contains(place)
        }
    }
}
