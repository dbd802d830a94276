import Native
import Shared
import TestSupport
import Testing

@Suite("Baileys groups and addresses", .onLoop)
@LoopActor struct BaileysGroupTests {
    private func message(
        key: String, content: String = #"{"conversation":"Hi"}"#, more: String = "", me: String = ""
    ) throws -> InboundMessage {
        let body = """
            {"tenantId":"business_1","payload":{"type":"notify"\(me),"messages":[{"key":{\(key),"id":"3EB0AA"},
            "message":\(content),"messageTimestamp":1763650000\(more)}]}}
            """
        let events = try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: nil)
        }
        guard case .message(let message)? = events.first else {
            throw JSONError.unexpected("not a message: \(events)")
        }
        return message
    }

    @Test func `a group is the conversation, and who wrote stands beside`() throws {
        let message = try message(
            key: #"""
                "remoteJid":"120363@g.us","participant":"123456:4@lid","participantAlt":"972501234567@s.whatsapp.net"
                """#, more: #","pushName":"Dana""#)
        #expect(message.address.rawValue == "120363@g.us" && message.contact == "120363@g.us")
        #expect(message.otherAddresses.isEmpty && message.contactName == nil)
        #expect(
            message.author
                == InboundAuthor(
                    address: ContactAddress(rawValue: "123456@lid"),
                    otherAddresses: [try #require(ContactAddress(rawValue: "972501234567@s.whatsapp.net"))],
                    name: "Dana"))
        #expect(message.author?.contact == "972501234567")
    }

    @Test(
        arguments: [
            (
                #""remoteJid":"1@g.us","participant":"5@lid","participantPn":"972501234567@s.whatsapp.net""#,
                "972501234567"
            ),
            (
                #""remoteJid":"1@g.us","participant":"972501234567@s.whatsapp.net","participantLid":"5@lid""#,
                "972501234567"
            ),
            (#""remoteJid":"1@g.us","participant":"5:2@lid""#, "5@lid"),
            (#""remoteJid":"972501111111-1500000000@g.us","participant":"972501234567@c.us""#, "972501234567"),
            (#""remoteJid":"1@g.us""#, nil), (#""remoteJid":"1@g.us","participant":"a b""#, nil),
        ] as [(String, String?)])
    func `the participant is read in every form`(key: String, contact: String?) throws {
        let message = try message(key: key)
        #expect(message.author != nil && message.author?.contact == contact && message.address.isGroup)
    }

    static let me = #","me":{"id":"15550009999:3@s.whatsapp.net","lid":"777:3@lid"}"#

    @Test(arguments: [
        (#"{"mentionedJid":["15550009999@s.whatsapp.net"]}"#, true), (#"{"mentionedJid":["1@lid","777@lid"]}"#, true),
        (#"{"stanzaId":"3EB0","participant":"777:9@lid"}"#, true),
        (#"{"stanzaId":"3EB0","participant":"1@lid"}"#, false),
        (#"{"mentionedJid":["1@lid"]}"#, false), (#"{"mentionedJid":"777@lid"}"#, false), ("{}", false),
    ])
    func `a message is to us when it mentions or quotes us`(context: String, isToUs: Bool) throws {
        let key = #""remoteJid":"1@g.us","participant":"5@lid""#
        let content = #"{"extendedTextMessage":{"text":"@777 hi","contextInfo":\#(context)}}"#
        #expect(try message(key: key, content: content, me: Self.me).author?.isToUs == isToUs)
        let wrapped = #"{"groupMentionedMessage":{"message":\#(content)}}"#
        #expect(try message(key: key, content: wrapped, me: Self.me).author?.isToUs == isToUs)
        // A gateway that does not tell who we are.
        #expect(try message(key: key, content: content).author?.isToUs == false)
    }

    @Test(arguments: [
        ("972501234567:12@s.whatsapp.net", "", "972501234567@s.whatsapp.net", "972501234567"),
        ("972501234567_1:12@s.whatsapp.net", "", "972501234567@s.whatsapp.net", "972501234567"),
        ("972501234567@c.us", "", "972501234567@c.us", "972501234567"),
        ("972501234567:99@hosted", "", "972501234567@hosted", "972501234567"),
        ("123:99@hosted.lid", "", "123@hosted.lid", "123@hosted.lid"),
        ("123@lid", #","senderPn":"972501234567@s.whatsapp.net""#, "123@lid", "972501234567"),
        ("123@lid", #","remoteJidAlt":"972501234567@s.whatsapp.net""#, "123@lid", "972501234567"),
        ("123@lid", #","remoteJidAlt":null,"senderLid":"123@lid""#, "123@lid", "123@lid"),
        ("972501234567@s.whatsapp.net", #","remoteJidAlt":"123@lid""#, "972501234567@s.whatsapp.net", "972501234567"),
    ])
    func `the reply goes to the address received, and the phone is the contact`(
        jid: String, more: String, address: String, contact: String
    ) throws {
        let message = try message(key: #""remoteJid":"\#(jid)"\#(more)"#)
        #expect(message.address.rawValue == address && message.contact == contact && message.author == nil)
    }

    @Test func `a name without end is cut, and one that is none left out`() throws {
        let long = String(repeating: "👩‍👩‍👧", count: 20_000)
        let name = try message(key: #""remoteJid":"1@lid""#, more: #","pushName":"\#(long)""#).contactName
        #expect(name?.unicodeScalars.count == 255)
        let business = try message(key: #""remoteJid":"1@lid""#, more: #","verifiedBizName":"Shop""#).contactName
        #expect(business == "Shop")
        let odd = try message(key: #""remoteJid":"1@lid""#, more: #","pushName":{"a":1}"#).contactName
        #expect(odd == nil)
    }

    @Test func `a stub type of zero is no stub`() throws {
        for type in ["0", "\"UNKNOWN\"", "null"] {
            #expect(try message(key: #""remoteJid":"1@lid""#, more: #","messageStubType":\#(type)"#).text == "Hi")
        }
    }
}
