import Native
import Shared
import TestSupport
import Testing

@Suite("Baileys normaliser", .onLoop)
@LoopActor struct BaileysNormalizerTests {
    static let phone = "972501234567@s.whatsapp.net"

    func normalize(_ body: String, default tenant: String? = nil) throws -> [InboundEvent] {
        try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: tenant)
        }
    }

    /// One message in the gateway's envelope.
    func one(
        jid: String = phone, key: String = "", content: String = #"{"conversation":"Hi"}"#, time: String = "1763650000",
        more: String = ""
    ) throws -> InboundEvent? {
        try normalize(
            """
            {"tenantId":"business_1","payload":{"type":"notify","messages":[{"key":{"remoteJid":"\(jid)",
            "fromMe":false,"id":"3EB0C431C26A1916E07E"\(key)},"message":\(content),"pushName":"Dana",
            "messageTimestamp":\(time)\(more)}]}}
            """
        ).first
    }

    func message(_ normalized: InboundEvent?) throws -> InboundMessage {
        guard case .message(let message) = normalized else {
            throw JSONError.unexpected("not a message: \(String(describing: normalized))")
        }
        return message
    }

    @Test func `the documented body becomes one message`() throws {
        let message = try message(one())
        #expect(message.tenant == "business_1")
        #expect(message.address.rawValue == Self.phone)
        #expect(message.contact == "972501234567")
        #expect(message.contactName == "Dana")
        #expect(message.messageID == "3EB0C431C26A1916E07E")
        #expect(message.kind == .text && message.text == "Hi")
        #expect(message.sentAt.milliseconds == 1_763_650_000_000)
    }

    @Test(arguments: [
        (#"{"extendedTextMessage":{"text":"a"}}"#, MessageKind.text, "a"),
        (#"{"imageMessage":{"caption":"c","mimetype":"image/jpeg"}}"#, .image, "c"),
        (#"{"videoMessage":{"caption":"v"}}"#, .video, "v"),
        (#"{"documentWithCaptionMessage":{"message":{"documentMessage":{"caption":"d"}}}}"#, .document, "d"),
        (#"{"ephemeralMessage":{"message":{"extendedTextMessage":{"text":"e"}}}}"#, .text, "e"),
        (#"{"viewOnceMessageV2":{"message":{"imageMessage":{"caption":"o"}}}}"#, .image, "o"),
        (#"{"buttonsResponseMessage":{"selectedButtonId":"1","selectedDisplayText":"Yes"}}"#, .text, "Yes"),
        (#"{"templateButtonReplyMessage":{"selectedId":"1","selectedDisplayText":"No"}}"#, .text, "No"),
        (#"{"listResponseMessage":{"title":"Row","singleSelectReply":{"selectedRowId":"r"}}}"#, .text, "Row"),
        (#"{"conversation":"שלום 👋🏽 مرحبا"}"#, .text, "שלום 👋🏽 مرحبا"),
        (#"{"conversation":"Ol\u00e1 \ud83d\udc4b"}"#, .text, "Olá 👋"),
        (#"{"messageContextInfo":{},"conversation":"with context"}"#, .text, "with context"),
    ])
    func `text is found in every form it comes in`(content: String, kind: MessageKind, text: String) throws {
        let message = try message(one(content: content))
        #expect(message.kind == kind)
        #expect(message.text == text)
    }

    @Test(arguments: [
        (#"{"audioMessage":{"ptt":true,"seconds":3}}"#, MessageKind.audio), (#"{"stickerMessage":{}}"#, .sticker),
        (#"{"locationMessage":{"degreesLatitude":1}}"#, .location), (#"{"unheardOfMessage":{}}"#, .other),
        (#"{"unheardOfMessage":{},"messageContextInfo":{}}"#, .other), (#"{"imageMessage":{"caption":""}}"#, .image),
    ])
    func `a message without text keeps its kind`(content: String, kind: MessageKind) throws {
        let message = try message(one(content: content))
        #expect(message.kind == kind && message.text == nil)
    }

    @Test(arguments: [
        ("1763650000", 1_763_650_000), ("\"1763650000\"", 1_763_650_000),
        (#"{"low":1763650000,"high":0,"unsigned":true}"#, 1_763_650_000),
        (#"{"low":-1,"high":0,"unsigned":true}"#, 4_294_967_295), (#"{"low":1,"high":1}"#, 4_294_967_297),
        (#"{"low":-2147483648,"high":0,"unsigned":false}"#, 2_147_483_648), (#"{"low":1763650000}"#, 1_763_650_000),
        ("1763650000.9", 1_763_650_000), ("1.76365e9", 1_763_650_000),
    ])
    func `a timestamp may be a number, text or a long`(time: String, seconds: Int) throws {
        #expect(try message(one(time: time)).sentAt.milliseconds == Int64(seconds) * 1000)
    }

    @Test(arguments: [
        ("status@broadcast", IgnoreReason.status), ("123@broadcast", .broadcast), ("1@newsletter", .newsletter),
        ("13135550002@bot", .technical), ("13135550002@s.whatsapp.net", .technical), ("13165550012@c.us", .technical),
        ("0@s.whatsapp.net", .technical),
    ])
    func `what is not a conversation with one contact is ignored`(jid: String, reason: IgnoreReason) throws {
        #expect(try one(jid: jid) == .ignored(reason))
    }

    @Test(arguments: [
        (#"{"protocolMessage":{"type":0,"key":{}}}"#, IgnoreReason.revoke),
        (#"{"protocolMessage":{"type":"MESSAGE_EDIT"}}"#, .edit),
        (#"{"protocolMessage":{"type":3}}"#, .protocolMessage),
        (#"{"reactionMessage":{"key":{},"text":"👍"}}"#, .reaction), (#"{"editedMessage":{"message":{}}}"#, .edit),
        (#"{"senderKeyDistributionMessage":{}}"#, .technical), ("{}", .technical),
    ])
    func `nothing to answer is ignored`(content: String, reason: IgnoreReason) throws {
        #expect(try one(content: content) == .ignored(reason))
    }

    @Test func `a stub is ignored, so that the real message under the same id is not a repeat`() throws {
        #expect(try one(content: "null") == .ignored(.stub))
        #expect(try one(more: #","messageStubType":2"#) == .ignored(.stub))
        guard case .message = try one() else {
            Issue.record("the real message must be taken")
            return
        }
    }

    /// A text under the business's own number.
    private func typed(
        _ id: String, jid: String = "15550001111@s.whatsapp.net", key: String = "",
        content: String = #"{"conversation":"Mine"}"#, more: String = ""
    ) throws -> InboundEvent? {
        let body = """
            {"tenantId":"b","payload":{"type":"append","messages":[{"key":{"remoteJid":"\(jid)","fromMe":true,\
            "id":"\(id)"\(key)},"message":\(content),"pushName":"Us","messageTimestamp":1763650000\(more)}]}}
            """
        return try normalize(body).first
    }

    @Test(arguments: [
        "AC5CBB4C3B1B7B2F1D0B2E6D1C9F7A10", "3A554E20ECABF3D45BB2", "3EB0C431C26A1916E07E00", "3EB0C431C26A1916E07E",
    ])
    func `what a person writes on the phone or in WhatsApp Web is told of`(id: String) throws {
        guard case .ownMessage(let own) = try typed(id) else {
            Issue.record("\(id)")
            return
        }
        #expect(own.contact == "15550001111" && own.text == "Mine" && own.messageID == id && own.contactName == nil)
    }

    @Test func `what goes to a lid is told of under the phone beside it, and never under our own`() throws {
        let key = #","remoteJidAlt":"15550001111@s.whatsapp.net","senderPn":"15559990000@s.whatsapp.net""#
        guard case .ownMessage(let own) = try typed("3A554E20ECABF3D45BB2", jid: "77@lid", key: key) else {
            Issue.record("a lid")
            return
        }
        #expect(own.contact == "15550001111" && own.address.rawValue == "77@lid")
        guard
            case .ownMessage(let other) = try typed(
                "3A554E20ECABF3D45BB2", jid: "77@lid", key: #","senderPn":"15559990000@s.whatsapp.net""#)
        else {
            Issue.record("a lid alone")
            return
        }
        #expect(other.contact == "77@lid")
    }

    @Test func `our own sends, and what is no message to a contact, are passed over`() throws {
        let ours = OutboundID.make(job: "j", kind: .text, part: 0), theirs = "3A554E20ECABF3D45BB2"
        #expect(try typed(ours) == .ignored(.own))
        for jid in ["status@broadcast", "1@broadcast", "1@newsletter", "0@s.whatsapp.net", "867051314767696@bot"] {
            #expect(try typed(theirs, jid: jid) == .ignored(.own))
        }
        for content in [
            #"{"reactionMessage":{"text":"+"}}"#, #"{"protocolMessage":{"type":0,"key":{"id":"A"}}}"#,
            #"{"protocolMessage":{"type":14}}"#, "null", "{}",
        ] {
            #expect(try typed(theirs, content: content) == .ignored(.own))
        }
        #expect(try typed(theirs, more: #","messageStubType":2"#) == .ignored(.own))
        #expect(try typed("") == .ignored(.own))
    }

    @Test func `our own messages that cannot be read are ignored`() throws {
        let body =
            #"{"tenantId":"b","payload":{"messages":[{"key":{"remoteJid":"1@lid","fromMe":true,"id":"A"},"message":{}}]}}"#
        #expect(try normalize(body) == [.ignored(.own)])
    }

    @Test func `under its lid or its phone a message is the same one, when both are told`() throws {
        let lid = try message(one(jid: "123@lid", key: #","remoteJidAlt":"5511999990000@s.whatsapp.net""#))
        let phone = try message(one(jid: "5511999990000@s.whatsapp.net", key: #","remoteJidAlt":"123@lid""#))
        let alone = try message(one(jid: "5511999990000@s.whatsapp.net"))
        #expect(lid.dedupeKey == phone.dedupeKey && lid.dedupeKey == alone.dedupeKey)
        #expect(try message(one(jid: "123@lid")).dedupeKey != lid.dedupeKey)
    }

    @Test func `a lid is the address, and the phone beside it the contact`() throws {
        let message = try message(
            one(jid: "123456789012345@lid", key: #","remoteJidAlt":"5511999990000:3@s.whatsapp.net""#))
        #expect(message.address.rawValue == "123456789012345@lid")
        #expect(message.otherAddresses.map(\.rawValue) == ["5511999990000@s.whatsapp.net"])
        #expect(message.contact == "5511999990000")
    }

    @Test func `without a phone the address is the contact`() throws {
        #expect(try message(one(jid: "123456789012345@lid")).contact == "123456789012345@lid")
    }

    @Test func `a malformed message among good ones is rejected alone, with its place`() throws {
        let normalized = try normalize(
            """
            {"tenantId":"b","payload":{"type":"append","messages":[
            {"key":{"remoteJid":"15550001@s.whatsapp.net","id":"A1"},"message":{"conversation":"x"},"messageTimestamp":1},
            {"key":"nope","message":{"conversation":"x"},"messageTimestamp":1},
            {"key":{"remoteJid":"a b","id":"A2"},"message":{"conversation":"x"},"messageTimestamp":1},
            {"key":{"remoteJid":"15550001@s.whatsapp.net"},"message":{"conversation":"x"},"messageTimestamp":1},
            {"key":{"remoteJid":"15550001@s.whatsapp.net","id":"A3"},"message":{"conversation":"x"}}]}}
            """)
        #expect(normalized.count == 5)
        let problems = normalized.compactMap { if case .rejected(let problem) = $0 { problem } else { nil } }
        #expect(problems.count == 4)
        #expect(problems[0].hasPrefix("payload.messages[1].key "))
        #expect(problems[3].hasPrefix("payload.messages[4].messageTimestamp "))
    }

    @Test(arguments: [
        ("[]", "body"), (#"{"payload":{"messages":[]}}"#, "tenantId"), (#"{"tenantId":"b"}"#, "payload"),
        (#"{"tenantId":"b","payload":{}}"#, "payload.messages"),
        (#"{"tenantId":7,"payload":{"messages":[]}}"#, "tenantId"),
        (#"{"tenantId":"a|b","payload":{"messages":[]}}"#, "tenantId"),
    ])
    func `a body of another shape is refused with what and where`(body: String, place: String) {
        do {
            _ = try normalize(body)
            Issue.record("must be refused")
        } catch {
            guard case .unexpected(let detail) = error as? JSONError else {
                Issue.record("\(error)")
                return
            }
            #expect(detail.contains(place))
        }
    }

    @Test func `a body that names no business belongs to the default one`() throws {
        let body =
            #"{"payload":{"messages":[{"key":{"remoteJid":"15550001@s.whatsapp.net","id":"A"},"message":{"conversation":"x"},"messageTimestamp":1}]}}"#
        #expect(try message(normalize(body, default: "shop").first).tenant == "shop")
    }

    @Test func `a message survives the way through a job's payload`() throws {
        let original = try message(one(jid: "1@lid", key: #","senderPn":"15550001111@s.whatsapp.net""#))
        var json = JSONWriter()
        original.write(to: &json)
        let copy = try JSON.read(json.bytes) { InboundMessage(payload: $0) }
        #expect(copy == original)
    }

    @Test func `a list with more elements than good messages would find room in is refused as a whole`() throws {
        func body(_ count: Int) -> String {
            let list = [String](repeating: "{}", count: count).joined(separator: ",")
            return #"{"payload":{"messages":[\#(list)]},"updates":[\#(list)]}"#
        }
        #expect(try normalize(body(16_384), default: "shop").count == 16_384)
        let tooMany = body(16_385)
        #expect(throws: JSONError.unexpected("payload.messages has more than 16384 elements")) {
            try normalize(tooMany, default: "shop")
        }
        #expect(throws: JSONError.unexpected("updates has more than 16384 elements")) {
            try JSON.read(Array(tooMany.utf8)) { root throws(JSONError) in
                try BaileysReceiptNormalizer.normalize(
                    root, defaultTenant: "shop", arrival: WallTime(milliseconds: 0))
            }
        }
    }
}
