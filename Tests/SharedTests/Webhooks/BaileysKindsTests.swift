import Native
import Shared
import TestSupport
import Testing

/// Each kind of content that WAProto has, as Baileys writes it.
@Suite("Baileys kinds of content", .onLoop)
@LoopActor struct BaileysKindsTests {
    private func event(_ content: String) throws -> InboundEvent? {
        let body = """
            {"tenantId":"business_1","payload":{"type":"append","messages":[{"key":{"remoteJid":
            "972501234567@s.whatsapp.net","fromMe":false,"id":"3EB0C431C26A1916E07E"},"message":\(content),
            "pushName":"Dana","messageTimestamp":1763650000}]}}
            """
        return try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: nil)
        }.first
    }

    private func message(_ content: String) throws -> InboundMessage {
        guard case .message(let message)? = try event(content) else {
            throw JSONError.unexpected("not a message: \(content)")
        }
        return message
    }

    // MARK: Wrappers

    nonisolated static let wrappers = [
        "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension",
        "documentWithCaptionMessage", "groupMentionedMessage", "botInvokeMessage", "botForwardedMessage",
        "lottieStickerMessage", "associatedChildMessage", "deviceSentMessage", "commentMessage", "questionMessage",
        "questionReplyMessage",
    ]

    @Test(arguments: wrappers)
    func `what a wrapper holds is the message, also in another wrapper`(wrapper: String) throws {
        let inner = #"{"\#(wrapper)":{"message":{"extendedTextMessage":{"text":"in here"}}}}"#
        #expect(try message(inner).text == "in here")
        #expect(try message(#"{"ephemeralMessage":{"message":\#(inner)}}"#).text == "in here")
        let beside = #"{"messageContextInfo":{"messageSecret":"x"},"\#(wrapper)":{"message":{"conversation":"in"}}}"#
        #expect(try message(beside).text == "in")
        #expect(try event(#"{"\#(wrapper)":{}}"#) == .ignored(.technical))
        let reaction = #"{"\#(wrapper)":{"message":{"reactionMessage":{"text":"👍"}}}}"#
        #expect(try event(reaction) == .ignored(.reaction))
    }

    @Test func `wrappers without end are ignored`() throws {
        let nested = (0..<18).reduce(#"{"conversation":"deep"}"#) { inner, _ in
            #"{"ephemeralMessage":{"message":\#(inner)}}"#
        }
        #expect(try event(nested) == .ignored(.technical))
    }

    // MARK: Text

    @Test(arguments: [
        (#"{"conversation":"a\u0000b"}"#, "a\0b"), (#"{"conversation":"\u202eabc"}"#, "\u{202E}abc"),
        (#"{"conversation":"👩‍👩‍👧‍👦🇮🇱"}"#, "👩‍👩‍👧‍👦🇮🇱"), (#"{"conversation":"\ud83d\udc69\u200d\ud83d\udcbb"}"#, "👩‍💻"),
        (#"{"extendedTextMessage":{"text":"שלום\nעולם","matchedText":"x"}}"#, "שלום\nעולם"),
        (#"{"conversation":"  "}"#, "  "), (#"{"conversation":"","extendedTextMessage":{"text":"b"}}"#, "b"),
        (#"{"questionResponseMessage":{"key":{},"text":"answer"}}"#, "answer"),
        (#"{"templateMessage":{"hydratedTemplate":{"hydratedTitleText":"T","hydratedContentText":"C"}}}"#, "T\nC"),
        (#"{"buttonsMessage":{"contentText":"C","footerText":"F","buttons":[]}}"#, "C\nF"),
        (#"{"listMessage":{"title":"T","description":"D","buttonText":"B"}}"#, "T\nD"),
        (#"{"interactiveMessage":{"header":{"title":"H"},"body":{"text":"B"},"footer":{}}}"#, "H\nB"),
    ])
    func `text arrives as it was written`(content: String, text: String) throws {
        let message = try message(content)
        #expect(message.kind == .text && message.text == text)
    }

    @Test(arguments: [#"{"conversation":""}"#, #"{"extendedTextMessage":{"text":""}}"#, #"{"extendedTextMessage":{}}"#])
    func `an empty text is nothing to answer`(content: String) throws {
        #expect(try event(content) == .ignored(.technical))
    }

    // MARK: Choices

    @Test(
        arguments: [
            (#"{"buttonsResponseMessage":{"selectedButtonId":"b1","selectedDisplayText":"Yes"}}"#, "Yes", "b1"),
            (#"{"buttonsResponseMessage":{"selectedButtonId":"b1"}}"#, "b1", "b1"),
            (
                #"{"templateButtonReplyMessage":{"selectedId":"t1","selectedDisplayText":"No","selectedIndex":1}}"#,
                "No", "t1"
            ),
            (#"{"listResponseMessage":{"title":"Row","singleSelectReply":{"selectedRowId":"r1"}}}"#, "Row", "r1"),
            (
                #"{"listResponseMessage":{"title":"Row","description":"More","singleSelectReply":{"selectedRowId":"r1"}}}"#,
                "Row\nMore", "r1"
            ),
            (
                #"{"interactiveResponseMessage":{"body":{"text":"Blue"},"nativeFlowResponseMessage":{"name":"quick_reply","paramsJson":"{\"id\":\"c1\"}"}}}"#,
                "Blue", "c1"
            ),
            (
                #"{"interactiveResponseMessage":{"nativeFlowResponseMessage":{"paramsJson":"{\"id\":\"c1\",\"title\":\"Red\"}"}}}"#,
                "Red", "c1"
            ),
            (
                #"{"interactiveResponseMessage":{"body":{"text":"Sent"},"nativeFlowResponseMessage":{"name":"flow","paramsJson":"{\"size\":\"XL\"}"}}}"#,
                "Sent\n{\"size\":\"XL\"}", nil
            ),
            (
                #"{"interactiveResponseMessage":{"body":{"text":"Hm"},"nativeFlowResponseMessage":{"paramsJson":"{"}}}"#,
                "Hm\n{", nil
            ),
        ] as [(String, String, String?)])
    func `a choice has what the contact saw, and what the program called it`(
        content: String, text: String, id: String?
    ) throws {
        let message = try message(content)
        #expect(message.kind == .text && message.text == text && message.choiceID == id)
    }

    // MARK: Media

    @Test(
        arguments: [
            (#"{"imageMessage":{"mimetype":"image/jpeg","caption":"c"}}"#, MessageKind.image, "image/jpeg", nil, "c"),
            (#"{"videoMessage":{"mimetype":"video/mp4","gifPlayback":true}}"#, .video, "video/mp4", nil, nil),
            (#"{"ptvMessage":{"mimetype":"video/mp4"}}"#, .video, "video/mp4", nil, nil),
            (
                #"{"audioMessage":{"mimetype":"audio/ogg; codecs=opus","ptt":true}}"#, .audio, "audio/ogg; codecs=opus",
                nil, nil
            ),
            (#"{"stickerMessage":{"mimetype":"image/webp"}}"#, .sticker, "image/webp", nil, nil),
            (
                #"{"documentMessage":{"mimetype":"application/pdf","fileName":"bill.pdf","title":"Bill","caption":"mine"}}"#,
                .document, "application/pdf", "bill.pdf", "mine"
            ),
            (
                #"{"documentMessage":{"mimetype":"application/pdf","title":"Bill"}}"#, .document, "application/pdf",
                "Bill", nil
            ),
            (
                #"{"lottieStickerMessage":{"message":{"stickerMessage":{"mimetype":"application/was"}}}}"#, .sticker,
                "application/was", nil, nil
            ),
            (
                #"{"associatedChildMessage":{"message":{"imageMessage":{"mimetype":"image/jpeg"}}}}"#, .image,
                "image/jpeg",
                nil, nil
            ),
        ] as [(String, MessageKind, String?, String?, String?)])
    func `media are a reference by the message's id`(
        content: String, kind: MessageKind, type: String?, file: String?, text: String?
    ) throws {
        let message = try message(content)
        #expect(message.kind == kind && message.text == text)
        #expect(message.media == InboundMedia(id: "3EB0C431C26A1916E07E", mimeType: type, fileName: file))
    }

    // MARK: More than text

    @Test(arguments: [
        (
            #"{"locationMessage":{"degreesLatitude":31.7767,"degreesLongitude":35.2345,"name":"Old City","address":"Jerusalem"}}"#,
            MessageKind.location, "Old City, Jerusalem (31.7767, 35.2345)"
        ),
        (#"{"locationMessage":{"degreesLatitude":-1,"degreesLongitude":2.5}}"#, .location, "(-1.0, 2.5)"),
        (#"{"locationMessage":{"degreesLatitude":100,"degreesLongitude":2,"name":"x"}}"#, .location, "x"),
        (
            #"{"liveLocationMessage":{"degreesLatitude":1,"degreesLongitude":2,"caption":"on my way","sequenceNumber":"1"}}"#,
            .location, "(1.0, 2.0)\non my way"
        ),
        (#"{"contactMessage":{"displayName":"Dana","vcard":"BEGIN:VCARD"}}"#, .contact, "Dana"),
        (
            #"{"contactsArrayMessage":{"displayName":"2 contacts","contacts":[{"displayName":"A"},{"displayName":"B"}]}}"#,
            .contact, "A, B"
        ),
        (#"{"contactsArrayMessage":{"displayName":"2 contacts","contacts":[]}}"#, .contact, "2 contacts"),
        (
            #"{"pollCreationMessage":{"name":"When?","options":[{"optionName":"Mon"},{"optionName":"Tue"}]}}"#, .other,
            "Poll: When?\n- Mon\n- Tue"
        ),
        (#"{"pollCreationMessageV3":{"name":"When?","options":[]}}"#, .other, "Poll: When?"),
        (
            #"{"pollCreationMessageV4":{"message":{"pollCreationMessageV3":{"name":"When?","options":[]}}}}"#, .other,
            "Poll: When?"
        ),
        (
            #"{"eventMessage":{"name":"Opening","description":"Come","location":{"name":"Shop"},"startTime":"1763650000"}}"#,
            .other, "Event: Opening\nCome\nShop"
        ),
        (#"{"eventMessage":{"name":"Opening","isCanceled":true}}"#, .other, "Cancelled event: Opening"),
        (
            #"{"orderMessage":{"orderId":"1","itemCount":2,"orderTitle":"Shop","message":"soon please"}}"#, .other,
            "Order: Shop, items: 2\nsoon please"
        ),
        (
            #"{"productMessage":{"product":{"title":"Chair","description":"Red"},"body":"still there?"}}"#, .other,
            "Product: Chair\nRed\nstill there?"
        ),
        (#"{"groupInviteMessage":{"groupName":"Friends","caption":"join"}}"#, .other, "Friends\njoin"),
        (#"{"stickerPackMessage":{"name":"Cats"}}"#, .sticker, "Cats"),
        (#"{"scheduledCallCreationMessage":{"title":"Call"}}"#, .other, "Call"),
        (
            #"{"requestPaymentMessage":{"noteMessage":{"extendedTextMessage":{"text":"for lunch"}}}}"#, .other,
            "for lunch"
        ),
    ])
    func `what is more than text is told in words`(content: String, kind: MessageKind, text: String) throws {
        let message = try message(content)
        #expect(message.kind == kind && message.text == text)
    }

    // MARK: Nothing to answer

    @Test(arguments: [
        (#"{"albumMessage":{"expectedImageCount":3}}"#, IgnoreReason.technical),
        (#"{"pollUpdateMessage":{"vote":{}}}"#, .technical), (#"{"encEventResponseMessage":{}}"#, .technical),
        (#"{"pinInChatMessage":{"key":{},"type":1}}"#, .technical), (#"{"keepInChatMessage":{}}"#, .technical),
        (#"{"senderKeyDistributionMessage":{},"messageContextInfo":{}}"#, .technical),
        (#"{"call":{"callKey":"x"}}"#, .technical), (#"{"requestPhoneNumberMessage":{}}"#, .technical),
        (#"{"encReactionMessage":{}}"#, .reaction),
        (#"{"reactionMessage":{"key":{"id":"x"},"text":""}}"#, .reaction),
        (#"{"editedMessage":{"message":{"protocolMessage":{"type":14}}}}"#, .edit),
        (#"{"secretEncryptedMessage":{"secretEncType":2}}"#, .edit),
        (#"{"protocolMessage":{"type":"REVOKE","key":{}}}"#, .revoke),
        (#"{"protocolMessage":{"key":{"id":"x"}}}"#, .revoke),
        (#"{"protocolMessage":{"type":14,"editedMessage":{"conversation":"new"}}}"#, .edit),
        (#"{"protocolMessage":{"type":3,"ephemeralExpiration":86400}}"#, .protocolMessage),
        (#"{"protocolMessage":{"type":"HISTORY_SYNC_NOTIFICATION"}}"#, .protocolMessage),
        (#"{"limitSharingMessage":{"message":{"protocolMessage":{"type":27}}}}"#, .protocolMessage),
        (#"{"groupStatusMessage":{"message":{"conversation":"x"}}}"#, .status),
        (#"{"statusMentionMessage":{"message":{"protocolMessage":{"type":25}}}}"#, .status),
        ("[]", .technical), (#""text""#, .technical), (#"{"conversation":null}"#, .technical),
        (#"{"conversation":7}"#, .technical),
    ])
    func `nothing to answer is ignored`(content: String, reason: IgnoreReason) throws {
        #expect(try event(content) == .ignored(reason))
    }

    // MARK: Quotes

    @Test(arguments: ["extendedTextMessage", "imageMessage", "audioMessage", "locationMessage", "contactMessage"])
    func `the quoted message's id is told`(field: String) throws {
        let content = #"{"\#(field)":{"text":"x","contextInfo":{"stanzaId":"3EB0AB","participant":"1@lid"}}}"#
        #expect(try message(content).quotedID == "3EB0AB")
        #expect(try message(#"{"ephemeralMessage":{"message":\#(content)}}"#).quotedID == "3EB0AB")
    }

    @Test func `a quoted id that can be none is left out`() throws {
        let content = #"{"extendedTextMessage":{"text":"x","contextInfo":{"stanzaId":"a b"}}}"#
        #expect(try message(content).quotedID == nil)
    }
}
