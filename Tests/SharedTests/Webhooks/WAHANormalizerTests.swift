import Native
import TestSupport
import Testing

@testable import Shared

@Suite("WAHA normaliser", .onLoop)
@LoopActor struct WAHANormalizerTests {
    static let now = WallTime(milliseconds: 1_763_700_000_000)

    func normalize(_ body: String) throws -> [InboundEvent] {
        try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try WAHANormalizer.normalize(root, tenant: "shop", now: Self.now)
        }
    }

    /// The body of an event as WAHA posts it.
    func body(_ event: String, payload: String) -> String {
        """
        {"id":"evt_01aaaaaaaaaaaaaaaaaaaaaaaa","timestamp":1741249702485,"event":"\(event)","session":"default",
        "metadata":{"tenant":"t1"},"me":{"id":"71111111111@c.us","lid":"999@lid","pushName":"~"},"payload":\(payload),
        "engine":"NOWEB","environment":{"tier":"PLUS","version":"2026.7.1","engine":"NOWEB","browser":null}}
        """
    }

    func payload(
        id: String = "false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA", from: String = "11111111111@c.us",
        timestamp: String = "1667561485", body: String = #""Hi""#, more: String = ""
    ) -> String {
        """
        {"id":"\(id)","timestamp":\(timestamp),"from":"\(from)","fromMe":false,"source":"app","to":"71111111111@c.us",
        "participant":null,"body":\(body),"hasMedia":false,"ack":1,"ackName":"SERVER","vCards":[]\(more)}
        """
    }

    func message(_ payload: String) throws -> InboundMessage {
        guard case .message(let message) = try normalize(body("message", payload: payload)).first else {
            throw JSONError.unexpected("not a message")
        }
        return message
    }

    @Test func `the documented body becomes one message`() throws {
        let message = try message(payload(more: #","_data":{"pushName":"Ana"}"#))
        #expect(message.tenant == "shop" && message.provider == .waha)
        #expect(message.address.rawValue == "11111111111@c.us" && message.contact == "11111111111")
        #expect(message.messageID == "false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA")
        #expect(message.contactName == "Ana" && message.kind == .text && message.text == "Hi")
        #expect(message.sentAt.milliseconds == 1_667_561_485_000 && message.author == nil)
    }

    @Test func `message and message_any name the same message, which is one for the queue`() throws {
        let one = try normalize(body("message", payload: payload()))
        let same = try normalize(body("message.any", payload: payload()))
        #expect(one == same && one.count == 1)
    }

    @Test(arguments: [
        ("1667561485", 1_667_561_485_000), ("1667561485123", 1_667_561_485_123), (#""1667561485""#, 1_667_561_485_000),
        ("1667561485123.0", 1_667_561_485_123), ("1667561485123.75", 1_667_561_485_123),
        ("1667561485.75", 1_667_561_485_000),
        (#"{"low":1667561485,"high":0,"unsigned":true}"#, 1_667_561_485_000),
    ])
    func `a timestamp is in seconds or milliseconds`(timestamp: String, milliseconds: Int64) throws {
        #expect(try message(payload(timestamp: timestamp)).sentAt.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            (#","_data":{"notifyName":"Bo","type":"chat"}"#, "Bo"), (#","_data":{"Info":{"PushName":"Go"}}"#, "Go"),
            ("", nil),
        ] as [(String, String?)])
    func `the name is where the engine puts it`(more: String, name: String?) throws {
        #expect(try message(payload(more: more)).contactName == name)
    }

    @Test(arguments: [
        #","_data":{"key":{"remoteJidAlt":"5511999990000@s.whatsapp.net"}}"#,
        #","_data":{"Info":{"SenderAlt":"5511999990000:4@s.whatsapp.net"}}"#,
    ])
    func `a phone beside a lid is the contact`(more: String) throws {
        let message = try message(payload(id: "false_123@lid_A", from: "123@lid", more: more))
        #expect(message.address.rawValue == "123@lid" && message.contact == "5511999990000")
    }

    @Test(arguments: [
        (
            #"{"url":"http://waha:3000/api/files/x.jpg","mimetype":"image/jpeg","filename":null,"error":null}"#, "",
            MessageKind.image
        ),
        (#"{"url":"http://x/a.oga","mimetype":"audio/ogg; codecs=opus"}"#, "", .audio),
        (#"{"url":"http://x/a.mp4","mimetype":"video/mp4"}"#, "", .video),
        (#"{"url":"http://x/a.pdf","mimetype":"application/pdf","filename":"a.pdf"}"#, "", .document),
        (#"{"url":"http://x/a.webp","mimetype":"image/webp"}"#, "", .sticker),
        ("null", #","_data":{"type":"ptt"}"#, .audio), ("null", #","_data":{"message":{"imageMessage":{}}}"#, .image),
        ("null", #","_data":{"Message":{"stickerMessage":{}}}"#, .sticker), ("null", "", .other),
    ])
    func `media is a reference, of the kind that its type or its engine says`(
        media: String, more: String, kind: MessageKind
    ) throws {
        let text = payload(more: #","media":\#(media)\#(more)"#)
            .replacing(#""hasMedia":false"#, with: #""hasMedia":true"#)
        let message = try message(text)
        #expect(message.kind == kind && message.text == "Hi")
        #expect(message.media?.id == "false_11111111111@c.us_AAAAAAAAAAAAAAAAAAAA")
        #expect((message.media?.url == nil) == (media == "null"))
    }

    @Test func `a file keeps its name and type`() throws {
        let text = payload(
            body: "null", more: #","media":{"url":"http://x/f","mimetype":"application/pdf","filename":"a.pdf"}"#
        ).replacing(#""hasMedia":false"#, with: #""hasMedia":true"#)
        let message = try message(text)
        #expect(message.text == nil && message.media?.fileName == "a.pdf")
        #expect(message.media?.mimeType == "application/pdf" && message.media?.url == "http://x/f")
    }

    @Test(arguments: [
        (#"{"description":"Old City","latitude":"31.7767","longitude":"35.2345"}"#, "Old City (31.7767, 35.2345)"),
        (
            #"{"name":"Old City","address":"Jerusalem","latitude":31.7767,"longitude":35.2345}"#,
            "Old City, Jerusalem (31.7767, 35.2345)"
        ),
        (#"{"latitude":"31.5","longitude":"35.5"}"#, "(31.5, 35.5)"),
    ])
    func `a location becomes text, and not the preview in its body`(location: String, text: String) throws {
        let message = try message(payload(body: #""/9j/4AAQSkZJRg""#, more: #","location":\#(location)"#))
        #expect(message.kind == .location && message.text == text)
    }

    @Test func `a contact card becomes the name on it`() throws {
        let card =
            #"BEGIN:VCARD\nVERSION:3.0\nN:;Jane Doe;;;\nFN;CHARSET=UTF-8:Jane Doe\nTEL;waid=911111111111:+91 11111 11111\nEND:VCARD"#
        let text = payload().replacing(
            #""vCards":[]"#, with: #""vCards":["\#(card)","BEGIN:VCARD\r\nFN:Bo\r\nEND:VCARD"]"#)
        let message = try message(text)
        #expect(message.kind == .contact && message.text == "Jane Doe, Bo")
    }

    @Test func `what a message replies to is kept, by WhatsApp's own id as our sends are`() throws {
        let message = try message(
            payload(more: #","replyTo":{"id":"3EB0OURS","participant":"71111111111@c.us","body":"x"}"#))
        #expect(message.quotedID == "3EB0OURS")
    }

    @Test func `a message of a kind nobody reads is still a message`() throws {
        let message = try message(payload(body: "null"))
        #expect(message.kind == .other && message.text == nil)
    }

    @Test(arguments: [
        (
            #","participant":"222@lid","_data":{"key":{"participantAlt":"5511999990000@s.whatsapp.net"},"pushName":"Bo"}"#,
            false
        ),
        (
            #","participant":"222@lid","_data":{"message":{"extendedTextMessage":{"text":"Hi","contextInfo":{"mentionedJid":["999@lid"]}}}}"#,
            true
        ),
        (
            #","participant":"222@lid","_data":{"Message":{"extendedTextMessage":{"text":"Hi","contextInfo":{"mentionedJID":["71111111111@s.whatsapp.net"]}}}}"#,
            true
        ),
        (
            #","participant":"222@lid","_data":{"message":{"ephemeralMessage":{"message":{"extendedTextMessage":{"text":"Hi","contextInfo":{"stanzaId":"A","participant":"999@lid"}}}}}}"#,
            true
        ),
        (#","participant":"222@lid","_data":{"mentionedJidList":[{"_serialized":"71111111111@c.us"}]}"#, true),
        (#","participant":"222@lid","replyTo":{"id":"X","participant":"71111111111@c.us"}"#, true),
        (#","participant":"222@lid","replyTo":{"id":"X","participant":"333@lid"}"#, false),
    ])
    func `a group's message tells its author, and whether it is meant for us`(more: String, isToUs: Bool) throws {
        let text = payload(id: "false_120363@g.us_A_222@lid", from: "120363@g.us", more: more)
            .replacing(#""participant":null,"#, with: "")
        let message = try message(text)
        #expect(message.address.isGroup && message.contact == "120363@g.us" && message.contactName == nil)
        #expect(message.author?.address?.rawValue == "222@lid" && message.author?.isToUs == isToUs)
        #expect(message.otherAddresses.isEmpty)
    }

    @Test(arguments: [
        ("status@broadcast", IgnoreReason.status), ("1@broadcast", .broadcast), ("1@newsletter", .newsletter),
        ("867051314767696@bot", .technical), ("0@c.us", .technical),
    ])
    func `what is no conversation is ignored`(from: String, reason: IgnoreReason) throws {
        #expect(try normalize(body("message", payload: payload(from: from))) == [.ignored(reason)])
    }

    /// A text under the business's own number, as `message.any` brings it.
    private func typed(_ id: String, source: String = #""app""#) throws -> InboundEvent? {
        let own = """
            {"id":"\(id)","timestamp":1667561485,"from":"5511888880000@c.us","fromMe":true,"source":\(source),\
            "to":"5511999990000@c.us","body":"Mine","hasMedia":false}
            """
        return try normalize(body("message.any", payload: own)).first
    }

    @Test func `what a person writes is told of, under the chat that the id names`() throws {
        for source in [#""app""#, "null"] {
            guard case .ownMessage(let own) = try typed("true_5511999990000@c.us_3A554E20ECABF3D45BB2", source: source)
            else {
                Issue.record("\(source)")
                return
            }
            #expect(own.contact == "5511999990000" && own.text == "Mine" && own.provider == .waha)
        }
    }

    @Test func `what was sent through WAHA's API, or under our id, is passed over`() throws {
        let ours = OutboundID.make(job: "j", kind: .text, part: 0)
        #expect(try typed("true_5511999990000@c.us_3A554E20ECABF3D45BB2", source: #""api""#) == .ignored(.own))
        #expect(try typed("true_5511999990000@c.us_\(ours)") == .ignored(.own))
        #expect(try typed("true_status@broadcast_3A554E20ECABF3D45BB2") == .ignored(.own))
        #expect(try typed("3A554E20ECABF3D45BB2") == .ignored(.own))
    }

    @Test func `our own messages, stubs and notices are ignored`() throws {
        let own = payload().replacing(#""fromMe":false"#, with: #""fromMe":true"#)
        #expect(try normalize(body("message.any", payload: own)) == [.ignored(.own)])
        let stubs = [#","_data":{"type":"ciphertext"}"#, #","_data":{"messageStubType":2}"#]
        for stub in stubs { #expect(try normalize(body("message", payload: payload(more: stub))) == [.ignored(.stub)]) }
        let notice = payload(more: #","_data":{"type":"e2e_notification"}"#)
        #expect(try normalize(body("message", payload: notice)) == [.ignored(.technical)])
    }

    @Test(arguments: [
        (#"{"reactionMessage":{"key":{"id":"A"},"text":"👍"}}"#, IgnoreReason.reaction),
        (#"{"protocolMessage":{"type":"REVOKE","key":{"id":"A"}}}"#, .revoke),
        (#"{"protocolMessage":{"type":14,"editedMessage":{"conversation":"x"}}}"#, .edit),
        (#"{"protocolMessage":{"type":"EPHEMERAL_SETTING"}}"#, .protocolMessage),
        (#"{"editedMessage":{"message":{"protocolMessage":{}}}}"#, .edit),
        (#"{"pollUpdateMessage":{"vote":{}},"messageContextInfo":{}}"#, .technical),
        (#"{"senderKeyDistributionMessage":{}}"#, .technical), ("{}", .technical),
    ])
    func `what WhatsApp's own content shows to be no message is ignored`(content: String, reason: IgnoreReason) throws {
        for name in ["message", "Message"] {
            let text = payload(body: "null", more: #","_data":{"\#(name)":\#(content)}"#)
            #expect(try normalize(body("message", payload: text)) == [.ignored(reason)])
        }
    }

    @Test(
        arguments: [
            (#"{"conversation":"Hi"}"#, #""Hi""#, MessageKind.text, "Hi", nil),
            // What WAHA leaves out.
            (
                #"{"templateButtonReplyMessage":{"selectedId":"y","selectedDisplayText":"Yes"}}"#, "null", .text, "Yes",
                "y"
            ),
            (#"{"pollCreationMessage":{"name":"Cake?","options":[]}}"#, "null", .other, "Poll: Cake?", nil),
            (#"{"aKindOfTomorrow":{}}"#, "null", .other, nil, nil),
            // What WAHA has read is a message, whatever stands beside it.
            (#"{"aKindOfTomorrow":{}}"#, #""Hi""#, .text, "Hi", nil), ("{}", #""Hi""#, .text, "Hi", nil),
            (#"{"senderKeyDistributionMessage":{}}"#, #""Hi""#, .text, "Hi", nil), ("7", #""Hi""#, .text, "Hi", nil),
        ] as [(String, String, MessageKind, String?, String?)])
    func `what WAHA leaves out is read from WhatsApp's own content`(
        content: String, body: String, kind: MessageKind, text: String?, choiceID: String?
    ) throws {
        let message = try message(payload(body: body, more: #","_data":{"message":\#(content)}"#))
        #expect(message.kind == kind && message.text == text && message.choiceID == choiceID)
    }

    @Test(arguments: ["0", #""UNKNOWN""#, "null"])
    func `a stub type that says nothing is no stub`(type: String) throws {
        let more = #","_data":{"messageStubType":\#(type),"message":{"conversation":"Hi"}}"#
        #expect(try message(payload(more: more)).text == "Hi")
    }

    @Test(arguments: [
        ("message.reaction", IgnoreReason.reaction), ("message.revoked", .revoke), ("message.edited", .edit),
        ("session.status", .technical), ("message.waiting", .technical), ("presence.update", .technical),
        ("an.event.of.tomorrow", .technical),
    ])
    func `other events are ignored`(event: String, reason: IgnoreReason) throws {
        #expect(try normalize(body(event, payload: #"{"name":"default","status":"WORKING"}"#)) == [.ignored(reason)])
    }

    // MARK: Acknowledgements

    @Test(arguments: [
        (#""ack":-1,"ackName":"ERROR""#, DeliveryStatus.failed),
        (#""ack":1,"ackName":"SERVER""#, .sent), (#""ack":2,"ackName":"DEVICE""#, .delivered),
        (#""ack":3,"ackName":"READ""#, .read), (#""ack":4,"ackName":"PLAYED""#, .read), (#""ack":3"#, .read),
    ])
    func `an acknowledgement is a receipt at its event's time`(ack: String, status: DeliveryStatus) throws {
        let text = #"{"id":"true_11111111111@c.us_3EB0C431","from":"71111111111@c.us","fromMe":true,\#(ack)}"#
        let expected = DeliveryReceipt(
            tenant: "shop", provider: .waha, providerMessageID: "3EB0C431", status: status,
            at: WallTime(milliseconds: 1_741_249_702_485), error: status == .failed ? "waha_ack_error" : nil)
        #expect(try normalize(body("message.ack", payload: text)) == [.receipt(expected)])
        #expect(try normalize(body("message.ack.group", payload: text)) == [.receipt(expected)])
    }

    @Test(arguments: [
        #"{"id":"false_11111111111@c.us_AAAA","fromMe":false,"ack":3,"ackName":"READ"}"#,
        #"{"id":"false_11111111111@c.us_AAAA","ack":3,"ackName":"READ"}"#,
        #"{"id":"true_11111111111@c.us_AAAA","fromMe":true,"ack":9,"ackName":"UNKNOWN"}"#,
        #"{"id":"true_11111111111@c.us_AAAA","fromMe":true,"ack":0,"ackName":"PENDING"}"#,
    ])
    func `that we have read a message, or nobody knows what, is ignored`(payload: String) throws {
        #expect(try normalize(body("message.ack", payload: payload)) == [.ignored(.technical)])
    }

    @Test(arguments: [
        ("true_11111111111@c.us_3EB0A", "3EB0A"), ("true_123@lid_3EB0A", "3EB0A"),
        ("true_120363@g.us_3EB0A_71111111111@c.us", "3EB0A"), ("true_1@c.us_3E_B0", "3E_B0"), ("3EB0A", "3EB0A"),
        ("A_B", "A_B"),
    ])
    func `a send and its acknowledgements meet in WhatsApp's own id`(id: String, stanza: String) {
        #expect(WAHAMessageID.stanza(of: id) == stanza)
    }

    @Test func `an id tells chat and participant`() throws {
        let id = try #require(WAHAMessageID("false_120363@g.us_3EB0A_222@lid"))
        #expect(!id.isOwn && id.chat == "120363@g.us" && id.participant == "222@lid")
        #expect(WAHAMessageID("maybe_1@c.us_A") == nil && WAHAMessageID("true_1@c.us") == nil)
        #expect(WAHAMessageID("") == nil && WAHAMessageID("true_1@c.us_") == nil)
    }

    // MARK: Bad bodies

    @Test(arguments: [
        ("[]", "body"), (#"{"session":"default"}"#, "event"), (#"{"event":"message"}"#, "payload"),
        (#"{"event":"message.ack","payload":7}"#, "payload"),
    ])
    func `a body of another shape is refused with what and where`(body: String, place: String) {
        #expect {
            try normalize(body)
        } throws: { error in
            guard case .unexpected(let detail) = error as? JSONError else { return false }
            return detail.contains(place)
        }
    }

    @Test(arguments: [
        (#"{"fromMe":false,"from":"a b"}"#, "payload.from"), (#"{"from":"1@c.us","timestamp":1}"#, "payload.id"),
        (#"{"from":"1@c.us","id":"A"}"#, "payload.timestamp"),
        (#"{"from":"1@c.us","id":"A","timestamp":1e300}"#, "payload.timestamp"),
        (#"{"from":"1@c.us","id":"A","timestamp":-1}"#, "payload.timestamp"),
    ])
    func `a malformed message is rejected with its place`(payload: String, place: String) throws {
        guard case .rejected(let problem) = try normalize(body("message", payload: payload)).first else {
            Issue.record("must be rejected")
            return
        }
        #expect(problem.hasPrefix(place + " "))
    }
}
