import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Read marks and typing", .onLoop)
@LoopActor struct ReadMarkCallsTests {
    private func requests(
        _ provider: ProviderName, _ ids: [String] = ["M1"], _ more: [String: String] = [:],
        from address: String = "15550001111@s.whatsapp.net",
        author: InboundAuthor? = nil
    ) throws -> [HTTPClient.Request] {
        let environment = [
            "INTERNAL_SECRET": "s", "BAILEYS_URL": "http://gateway:3300/", "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+1", "META_ACCESS_TOKEN": "bearer",
            "META_PHONE_NUMBER_ID": "77", "EVOLUTION_URL": "http://evolution:8080", "EVOLUTION_API_KEY": "ek",
            "WAHA_URL": "http://waha:3000", "WAHA_API_KEY": "wk",
        ]
        let calls = ReadMarkCalls(try Configuration(environment: environment.merging(more) { $1 }, role: .tool))
        let address = try #require(ContactAddress(rawValue: address))
        let messages = ids.map {
            InboundMessage(
                tenant: "shop", provider: provider, address: address, contactName: nil, author: author, messageID: $0,
                kind: .text, text: "Hi", sentAt: WallTime(milliseconds: 0))
        }
        return calls.requests(for: ReadMark(business: Business(id: "shop", name: "Shop"), messages: messages))
    }

    private func lines(_ requests: [HTTPClient.Request]) -> [String] {
        requests.map { "\($0.method) \($0.url) \(String(decoding: $0.body, as: UTF8.self))" }
    }

    @Test func `the gateway is told both, by business`() throws {
        let requests = try requests(.baileys, ["M1", "M2"])
        #expect(
            lines(requests) == [
                "POST http://gateway:3300/whatsapp/shop/read "
                    + #"{"to":"15550001111@s.whatsapp.net","messageIds":["M1","M2"]}"#,
                #"POST http://gateway:3300/whatsapp/shop/typing {"to":"15550001111@s.whatsapp.net"}"#,
            ])
        #expect(requests.allSatisfy { $0.headers.contains { $0 == ("X-Internal-Secret", "s") } })
        let author = InboundAuthor(address: ContactAddress(rawValue: "5@lid"))
        let group = try self.requests(.baileys, from: "1@g.us", author: author)
        #expect(lines(group)[0].hasSuffix(#"{"to":"1@g.us","messageIds":["M1"],"participant":"5@lid"}"#))
    }

    @Test func `Meta and Twilio take both in one call, for the last message`() throws {
        #expect(
            try lines(requests(.meta, ["wamid.1", "wamid.2"])) == [
                "POST https://graph.facebook.com/v21.0/77/messages "
                    + #"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.2","#
                    + #""typing_indicator":{"type":"text"}}"#
            ])
        #expect(
            try lines(requests(.twilio, ["SM1"])) == [
                "POST https://messaging.twilio.com/v2/Indicators/Typing.json messageId=SM1&channel=whatsapp"
            ])
        #expect(
            try lines(requests(.twilio, ["SM1"], ["TWILIO_URL": "http://simulator:1"]))[0]
                .hasPrefix("POST http://simulator:1/v2/"))
    }

    @Test func `Evolution and WAHA are told of each message`() throws {
        #expect(
            try lines(requests(.evolution, ["M1", "M2"])) == [
                "POST http://evolution:8080/chat/markMessageAsRead/shop "
                    + #"{"readMessages":[{"remoteJid":"15550001111@s.whatsapp.net","fromMe":false,"id":"M1"},"#
                    + #"{"remoteJid":"15550001111@s.whatsapp.net","fromMe":false,"id":"M2"}]}"#,
                "POST http://evolution:8080/chat/sendPresence/shop "
                    + #"{"number":"15550001111@s.whatsapp.net","presence":"composing","delay":4000}"#,
            ])
        #expect(
            try lines(requests(.waha, ["false_1@c.us_A"], from: "15550001111@c.us")) == [
                "POST http://waha:3000/api/sendSeen "
                    + #"{"session":"shop","chatId":"15550001111@c.us","messageId":"false_1@c.us_A","#
                    + #""messageIds":["false_1@c.us_A"]}"#,
                "POST http://waha:3000/api/startTyping "
                    + #"{"session":"shop","chatId":"15550001111@c.us"}"#,
            ])
    }

    @Test func `a provider that is closed is not told`() throws {
        #expect(try requests(.twilio, ["SM1"], ["TWILIO_AUTH_TOKEN": ""]).isEmpty)
        #expect(try requests(.meta, ["wamid.1"], ["META_ACCESS_TOKEN": ""]).isEmpty)
    }
}
