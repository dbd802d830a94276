import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Twilio normaliser")
struct TwilioNormalizerTests {
    static let now = WallTime(milliseconds: 1_763_650_000_123)
    /// As Twilio sends it for a text, in its order of fields.
    static let text = """
        SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&ProfileName=Ana+Souza&MessageType=text\
        &SmsSid=SM00000000000000000000000000000001&WaId=5511999990000&SmsStatus=received&Body=Ol%C3%A1%21+2%2B2%3D4\
        &To=whatsapp%3A%2B14155238886&NumSegments=1&ReferralNumMedia=0\
        &MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001\
        &From=whatsapp%3A%2B5511999990000&ApiVersion=2010-04-01
        """
    /// A button of a template, pressed by somebody who has a user id too.
    static let button = """
        OriginalRepliedMessageSender=whatsapp%3A%2B14155238886&OriginalRepliedMessageSid=MM0000000000000000000000000000000a\
        &ExternalUserId=whatsapp%3AID.4566546130240823&SmsMessageSid=SM2&SmsSid=SM2&MessageSid=SM2&AccountSid=AC1\
        &NumMedia=0&NumSegments=1&ReferralNumMedia=0&ProfileName=Ana&MessageType=interactive&WaId=6281234567890\
        &SmsStatus=received&Body=Ok&ButtonText=Ok+then&ButtonPayload=yes-1&Forwarded=false&FrequentlyForwarded=false\
        &ChannelMetadata=%7B%22type%22%3A%22whatsapp%22%2C%22data%22%3A%7B%22context%22%3A%7B%7D%7D%7D\
        &To=whatsapp%3A%2B14155238886&From=whatsapp%3A%2B6281234567890&ApiVersion=2010-04-01
        """
    private static let head = "MessageSid=SM1&SmsStatus=received&From=whatsapp%3A%2B15550001111&To=whatsapp%3A%2B1415&"

    private func event(_ form: String) -> InboundEvent {
        TwilioNormalizer.event(URLEncodedForm(form), tenant: "shop", receivedAt: Self.now)
    }

    private func message(_ form: String) throws -> InboundMessage {
        guard case .message(let message) = event(form) else { throw NotAMessage(event: event(form)) }
        return message
    }

    private struct NotAMessage: Error { let event: InboundEvent }

    @Test func `a text is read whole`() throws {
        let message = try message(Self.text)
        let wanted = InboundMessage(
            tenant: "shop", provider: .twilio,
            address: try #require(ContactAddress(rawValue: "whatsapp:+5511999990000")), contactName: "Ana Souza",
            messageID: "SM00000000000000000000000000000001", kind: .text, text: "Olá! 2+2=4", sentAt: Self.now)
        #expect(message == wanted)
        #expect(message.contact == "5511999990000")
    }

    @Test func `a pressed button says what was seen, what it is called and what it answers`() throws {
        let message = try message(Self.button)
        #expect(message.kind == .text && message.text == "Ok then" && message.choiceID == "yes-1")
        #expect(message.quotedID == "MM0000000000000000000000000000000a")
        #expect(message.address.rawValue == "whatsapp:+6281234567890")
        #expect(message.otherAddresses.map(\.rawValue) == ["ID.4566546130240823"])
    }

    @Test(
        arguments: [
            ("Body=שלום+😀", MessageKind.text, "שלום 😀"), ("Body=", .other, nil), ("Body=+", .text, " "),
            ("Body=Row&ListId=r1&ListTitle=First+row&MessageType=interactive", .text, "First row"),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=image%2Fjpeg&Body=see", .image, "see"),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=audio%2Fogg", .audio, nil),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=video%2Fmp4", .video, nil),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=application%2Fpdf&Body=a.pdf", .document, "a.pdf"),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=image%2Fwebp", .sticker, nil),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx&MediaContentType0=text%2Fvcard&Body=Dana", .contact, "Dana"),
            ("NumMedia=1&MediaUrl0=https%3A%2F%2Fx", .document, nil),
            ("NumMedia=3", .other, nil), ("NumMedia=-1&Body=a", .text, "a"), ("NumMedia=x&Body=a", .text, "a"),
            (
                "Latitude=31.7767&Longitude=35.2345&Label=Old+City&Address=Jerusalem&MessageType=location", .location,
                "Old City, Jerusalem (31.7767, 35.2345)"
            ),
            ("Latitude=31.7767&Longitude=35.2345&Body=", .location, "(31.7767, 35.2345)"),
            ("Body=Hi&ReferralHeadline=Sale&ReferralSourceType=ad&ReferralNumMedia=0&Forwarded=true", .text, "Hi"),
        ] as [(String, MessageKind, String?)])
    func `every kind is told from its fields`(fields: String, kind: MessageKind, text: String?) throws {
        let message = try message(Self.head + fields)
        #expect(message.kind == kind)
        #expect(message.text == text)
    }

    @Test func `all media of one message are kept, ten at most`() throws {
        let several = (0..<12).map { "MediaUrl\($0)=https%3A%2F%2Fm%2F\($0)&MediaContentType\($0)=image%2Fpng" }
        let message = try message(Self.head + "NumMedia=12&" + several.joined(separator: "&"))
        #expect(message.media == InboundMedia(url: "https://m/0", mimeType: "image/png"))
        #expect(message.moreMedia.map(\.url) == (1..<10).map { "https://m/\($0)" })
    }

    @Test(arguments: [
        ("From=whatsapp%3AID.4566546130240823&WaId=", ["ID.4566546130240823"]),
        ("From=&ExternalUserId=whatsapp%3AUS.ENT.99", ["US.ENT.99"]),
        ("ExternalUserId=whatsapp%3AUS.99", ["US.99"]),
        ("From=whatsapp%3A%2B5491112345678&WaId=541112345678", ["whatsapp:+5491112345678", "541112345678"]),
        ("From=whatsapp%3Asomething-new", ["whatsapp:something-new"]),
    ])
    func `a phone is never required`(fields: String, addresses: [String]) throws {
        let message = try message("MessageSid=SM1&SmsStatus=received&To=whatsapp%3A%2B1415&Body=a&" + fields)
        #expect(([message.address] + message.otherAddresses).map(\.rawValue) == addresses)
    }

    @Test(arguments: [
        ("From=%2B15550001111", InboundEvent.ignored(.technical)), ("From=messenger%3A12", .ignored(.technical)),
        ("", .rejected("From is missing")), ("From=whatsapp%3A+1", .rejected("From must be an address of WhatsApp")),
        ("From=whatsapp%3A%2B15550001111&MessageType=reaction", .ignored(.reaction)),
        ("From=whatsapp%3A%2B1555000&MessageSid=a+b", .rejected("MessageSid must be \(MessageIdentifier.rule)")),
    ])
    func `what is no message of WhatsApp's is no job`(fields: String, event: InboundEvent) {
        let id = fields.contains("MessageSid") ? "" : "MessageSid=SM1&"
        #expect(self.event(id + "SmsStatus=received&Body=a&" + fields) == event)
    }

    @Test(arguments: [
        ("sent", DeliveryStatus.sent), ("delivered", .delivered), ("partially_delivered", .delivered), ("read", .read),
        ("undelivered", .failed), ("failed", .failed), ("canceled", .failed),
    ])
    func `what becomes of a message is a receipt`(name: String, status: DeliveryStatus) {
        let form = """
            MessageSid=SM7&SmsSid=SM7&MessageStatus=\(name)&SmsStatus=\(name)&AccountSid=AC1&From=whatsapp%3A%2B14155238886\
            &To=whatsapp%3A%2B15550001111&ApiVersion=2010-04-01&ChannelPrefix=whatsapp&ChannelToAddress=%2B1555000XXXX
            """
        let receipt = DeliveryReceipt(
            tenant: "shop", provider: .twilio, providerMessageID: "SM7", status: status, at: Self.now,
            error: status == .failed ? name : nil)
        #expect(event(form) == .receipt(receipt))
        #expect(TwilioNormalizer.businessNumber(URLEncodedForm(form)) == "+14155238886")
    }

    @Test(arguments: [
        ("ErrorCode=63016&ErrorMessage=outside+the+window", "63016: outside the window"), ("ErrorCode=63016", "63016"),
        ("ErrorCode=63013&ErrorMessage=&ChannelStatusMessage=policy", "63013"), ("", "undelivered"),
    ])
    func `a failed one tells code and words`(fields: String, error: String) {
        guard case .receipt(let receipt) = event("MessageSid=SM7&MessageStatus=undelivered&" + fields) else {
            Issue.record("must be a receipt")
            return
        }
        #expect(receipt.error == error)
    }

    @Test func `a number that writes to itself is not answered`() {
        let own = "MessageSid=SM1&SmsStatus=received&From=whatsapp%3A%2B1415&To=whatsapp%3A%2B1415&Body=Hi"
        #expect(event(own) == .ignored(.own))
    }

    @Test func `a status nobody knows, or without a message, is none`() {
        for name in ["pondering", "accepted", "scheduled", "queued", "sending"] {
            #expect(event("MessageSid=SM7&MessageStatus=\(name)") == .ignored(.technical))
        }
        #expect(event("MessageStatus=sent") == .rejected("MessageSid must be \(MessageIdentifier.rule)"))
    }

    @Test func `the business's number is in To of a message`() {
        #expect(TwilioNormalizer.businessNumber(URLEncodedForm(Self.text)) == "+14155238886")
        #expect(TwilioNormalizer.businessNumber(URLEncodedForm("Body=a")) == nil)
    }
}
