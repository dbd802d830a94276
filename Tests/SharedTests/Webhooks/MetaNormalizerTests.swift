import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Meta normaliser", .onLoop)
@LoopActor struct MetaNormalizerTests {
    private static let at = WallTime(milliseconds: 1_749_416_383_000)

    private func events(_ body: String) throws(JSONError) -> [InboundEvent] {
        try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try MetaNormalizer.normalize(root) { "t\($0)" }
        }
    }

    /// - Parameter value: fields beside `metadata`.
    private func change(_ value: String, field: String = "messages", number: String = "106540352242922") -> String {
        """
        {"field":"\(field)","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881",\
        "phone_number_id":"\(number)"},\(value)}}
        """
    }

    private func body(_ changes: String...) -> String {
        #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[\#(changes.joined(separator: ","))]}]}"#
    }

    /// A message of the given kind: fields beside those that all have.
    private func message(_ fields: String) throws -> InboundMessage {
        let value = """
            "contacts":[{"profile":{"name":"Ana","username":"ana"},"wa_id":"16505551234","user_id":"US.1349"}],\
            "messages":[{"from":"16505551234","from_user_id":"US.1349","id":"wamid.A","timestamp":"1749416383",\(fields)}]
            """
        let event = try #require(try events(body(change(value))).first)
        guard case .message(let message) = event else { throw NotAMessage(event: event) }
        return message
    }

    private struct NotAMessage: Error { let event: InboundEvent }

    @Test func `a text is read whole`() throws {
        let message = try message(
            #""type":"text","text":{"body":"Hi \ud83d\udc4b"},"context":{"from":"15550783881","id":"wamid.Q"}"#)
        let wanted = InboundMessage(
            tenant: "t106540352242922", provider: .meta,
            address: try #require(ContactAddress(rawValue: "16505551234")),
            otherAddresses: [try #require(ContactAddress(rawValue: "US.1349"))], contactName: "Ana",
            messageID: "wamid.A", kind: .text, text: "Hi 👋", quotedID: "wamid.Q", sentAt: Self.at)
        #expect(message == wanted)
        #expect(message.contact == "16505551234")
    }

    @Test(
        arguments: [
            (#""type":"text","text":{"body":"שלום"}"#, MessageKind.text, "שלום", nil),
            (#""type":"button","button":{"payload":"p","text":"Yes"}"#, .text, "Yes", "p"),
            (
                #""type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"x","title":"t"}}"#,
                .text,
                "t", "x"
            ),
            (
                #""type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"x","title":"t","description":"d"}}"#,
                .text, "t", "x"
            ),
            (
                #""type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}"#,
                .text, #"{"a":1}"#, "flow"
            ),
            (
                #""type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"body":"Sent"}}"#, .text, "Sent",
                nil
            ),
            (#""type":"interactive","interactive":{"type":"call_permission_reply"}"#, .other, nil, nil),
            (
                #""type":"location","location":{"latitude":31.7767,"longitude":35.2345,"name":"Old City","address":"Jerusalem"}"#,
                .location, "Old City, Jerusalem (31.7767, 35.2345)", nil
            ),
            (#""type":"location","location":{"latitude":31.5,"longitude":35}"#, .location, "(31.5, 35.0)", nil),
            (
                #""type":"contacts","contacts":[{"name":{"formatted_name":"Dana L"}},{"name":{"first_name":"Avi"}}]"#,
                .contact, "Dana L, Avi", nil
            ),
            (
                #""type":"order","order":{"catalog_id":"c","text":"quick","product_items":[{"product_retailer_id":"S1","quantity":"2","item_price":10.5,"currency":"USD"},{"product_retailer_id":"S2","quantity":1}]}"#,
                .other, "quick\n2 × S1 (10.5 USD)\n1 × S2", nil
            ),
            (#""type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]"#, .other, nil, nil),
            (#""type":"hologram","hologram":{}"#, .other, nil, nil), (#""type":"text""#, .text, nil, nil),
            (#""type":"text","text":{"body":"ad"},"referral":{"source_id":"1","ctwa_clid":"c"}"#, .text, "ad", nil),
        ] as [(String, MessageKind, String?, String?)])
    func `every kind that says something is answered`(
        fields: String, kind: MessageKind, text: String?, choice: String?
    ) throws {
        let message = try message(fields)
        #expect(message.kind == kind && message.text == text && message.choiceID == choice)
        #expect(message.media == nil)
    }

    @Test(
        arguments: [
            (
                #""type":"image","image":{"caption":"c","mime_type":"image/jpeg","sha256":"b64","id":"M"}"#,
                MessageKind.image, "c", InboundMedia(id: "M", mimeType: "image/jpeg")
            ),
            (
                #""type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","sha256":"b64","id":"M","voice":true}"#,
                .audio, nil, InboundMedia(id: "M", mimeType: "audio/ogg; codecs=opus")
            ),
            (
                #""type":"video","video":{"id":"M","mime_type":"video/mp4"}"#, .video, nil,
                InboundMedia(id: "M", mimeType: "video/mp4")
            ),
            (
                #""type":"document","document":{"id":"M","filename":"a.pdf","mime_type":"application/pdf"}"#, .document,
                nil, InboundMedia(id: "M", mimeType: "application/pdf", fileName: "a.pdf")
            ),
            (#""type":"sticker","sticker":{"id":"M","animated":false}"#, .sticker, nil, InboundMedia(id: "M")),
            (#""type":"image""#, .image, nil, nil),
        ] as [(String, MessageKind, String?, InboundMedia?)])
    func `media are references`(fields: String, kind: MessageKind, text: String?, media: InboundMedia?) throws {
        let message = try message(fields)
        #expect(message.kind == kind && message.text == text && message.media == media)
    }

    @Test(arguments: [
        (#""type":"reaction","reaction":{"message_id":"wamid.X","emoji":"😮"}"#, IgnoreReason.reaction),
        (#""type":"reaction","reaction":{"message_id":"wamid.X"}"#, .reaction),
        (#""type":"edit","edit":{"original_message_id":"wamid.O","message":{}}"#, .edit),
        (#""type":"revoke","revoke":{"original_message_id":"wamid.O"}"#, .revoke),
        (#""type":"system","system":{"type":"user_changed_number","wa_id":"N","body":"b"}"#, .technical),
        (#""type":"request_welcome""#, .technical), (#""type":"text","text":{"body":"x"},"group_id":"g1""#, .group),
        (#""type":"text","text":{"body":"x"},"from":"15550783881""#, .own),
    ])
    func `what nobody waits for is passed over`(fields: String, reason: IgnoreReason) throws {
        let from = fields.contains("from") ? "" : #""from":"16505551234","#
        let value = #""messages":[{\#(from)"id":"wamid.A","timestamp":"1749416383",\#(fields)}]"#
        #expect(try events(body(change(value))) == [.ignored(reason)])
    }

    @Test func `a user without a phone is known by the user id`() throws {
        let value = """
            "contacts":[{"profile":{"username":"ana"},"user_id":"US.13491208655302741918","parent_user_id":"US.ENT.1"}],\
            "messages":[{"from_user_id":"US.13491208655302741918","id":"wamid.A","timestamp":"1749416383","type":"text",\
            "text":{"body":"Hi"}}]
            """
        guard case .message(let message)? = try events(body(change(value))).first else {
            Issue.record("must be a message")
            return
        }
        #expect(message.address.rawValue == "US.13491208655302741918" && message.otherAddresses.isEmpty)
        #expect(message.contact == "US.13491208655302741918" && message.contactName == "ana")
    }

    /// `contacts` has Ana alone.
    private func addresses(_ authors: String...) throws -> [[String]] {
        let messages = authors.enumerated().map {
            #"{\#($1),"id":"wamid.\#($0)","timestamp":"1","type":"text","text":{"body":"a"}}"#
        }
        let contact = #"{"profile":{"name":"Ana"},"wa_id":"5511999990000","user_id":"US.1"}"#
        let value = #""contacts":[\#(contact)],"messages":[\#(messages.joined(separator: ","))]"#
        return try events(body(change(value))).compactMap {
            guard case .message(let message) = $0 else { return nil }
            return ([message.address] + message.otherAddresses).map(\.rawValue) + [message.contactName ?? ""]
        }
    }

    @Test func `one contact belongs to one author, however the number is written`() throws {
        let old = #""from":"551199990000""#, ana = ["551199990000", "5511999990000", "US.1", "Ana"]
        #expect(try addresses(old) == [ana])
        #expect(try addresses(old, old) == [ana, ana])
    }

    @Test func `one contact beside several authors is only that of whom it names`() throws {
        let ana = ["5511999990000", "US.1", "Ana"]
        #expect(try addresses(#""from":"5511999990000""#, #""from_user_id":"US.2""#) == [ana, ["US.2", ""]])
        #expect(
            try addresses(#""from":"551199990000""#, #""from":"16505551234""#) == [
                ["551199990000", ""], ["16505551234", ""],
            ])
        // Alone, and still another person.
        #expect(try addresses(#""from_user_id":"US.2""#) == [["US.2", ""]])
    }

    @Test func `what is for a number without a tenant is passed over, each by itself`() throws {
        let one = #""messages":[{"id":"A","from":"1650555","timestamp":"1","type":"text","text":{"body":"1"}}]"#
        let text = body(change(one, number: "1"), change(#""messages":[{},{}],"statuses":[7]"#, number: "2"))
        let events = try JSON.read(Array(text.utf8)) { root throws(JSONError) in
            try MetaNormalizer.normalize(root) { $0 == "1" ? "shop" : nil }
        }
        #expect(events.dropFirst() == [.ignored(.unproven), .ignored(.unproven), .ignored(.unproven)])
        guard case .message(let message) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(message.tenant == "shop")
    }

    @Test func `a user id of the greatest length is an address`() throws {
        let id = "US." + String(repeating: "9", count: 128)
        let value =
            #""messages":[{"from_user_id":"\#(id)","id":"wamid.A","timestamp":"1","type":"text","text":{"body":"a"}}]"#
        guard case .message(let message)? = try events(body(change(value))).first else {
            Issue.record("must be a message")
            return
        }
        #expect(message.contact == id && message.address.isBusinessScopedID)
    }

    @Test func `every entry, change, message and status is judged alone, in order`() throws {
        let first = change(
            #""messages":[{"id":"A","from":"16505551234","timestamp":"1749416383","type":"text","text":{"body":"1"}},{"id":"B"},{"id":"C","from":"16505551234","timestamp":1749416383,"type":"text","text":{"body":"3"}}]"#
        )
        let second = change(
            #""statuses":[{"id":"S","status":"read","timestamp":"1749416383","recipient_id":"1"}],"messages":[{"id":"D","from":"16505551234","timestamp":"x","type":"text"}]"#,
            number: "2")
        let entry = #"{"id":"1","changes":[\#(first),\#(second)]}"#
        let all = try events(
            #"{"object":"whatsapp_business_account","entry":[\#(entry),{"id":"2"},{"id":"3","changes":[]}]}"#)
        #expect(all.count == 6)
        #expect(all[1] == .rejected("entry[0].changes[0].value.messages[1].type must be a string"))
        guard case .message(let third) = all[2] else {
            Issue.record("must be a message")
            return
        }
        #expect(third.messageID == "C" && third.sentAt == Self.at)
        #expect(
            all[3] == .rejected("entry[0].changes[1].value.messages[0].timestamp must be seconds since 1970"))
        #expect(
            all[4]
                == .receipt(
                    DeliveryReceipt(
                        tenant: "t2", provider: .meta, providerMessageID: "S", status: .read, at: Self.at)))
        #expect(all[5] == .rejected("entry[1].changes must be an array"))
    }

    @Test(
        arguments: [
            (#""status":"sent""#, DeliveryStatus.sent, nil),
            (#""status":"delivered","conversation":{"id":"c"},"pricing":{"billable":true}"#, .delivered, nil),
            (#""status":"read","recipient_type":"group","recipient_participant_id":"1""#, .read, nil),
            (#""status":"played","biz_opaque_callback_data":"our-id""#, .read, nil),
            (
                #""status":"failed","errors":[{"code":130472,"title":"In experiment","message":"m","error_data":{"details":"d"}}]"#,
                .failed, "130472: In experiment"
            ),
            (#""status":"failed","errors":[{"code":131026,"message":"m"}]"#, .failed, "131026: m"),
            (#""status":"failed""#, .failed, nil),
        ] as [(String, DeliveryStatus, String?)])
    func `a status is a receipt`(fields: String, status: DeliveryStatus, error: String?) throws {
        let value = #""statuses":[{"id":"wamid.X","timestamp":"1749416383","recipient_id":"9729",\#(fields)}]"#
        let receipt = DeliveryReceipt(
            tenant: "t106540352242922", provider: .meta, providerMessageID: "wamid.X", status: status, at: Self.at,
            error: error)
        #expect(try events(body(change(value))) == [.receipt(receipt)])
    }

    @Test func `a status hands our own id back, and nobody else's`() throws {
        let own = OutboundID.make(job: "j", kind: .text, part: 0)
        for (data, id) in [(own, own), ("3EB0C431C26A1916E07E00", nil), ("", nil)] {
            let value =
                #""statuses":[{"id":"wamid.X","timestamp":"1749416383","status":"sent","biz_opaque_callback_data":"\#(data)"}]"#
            let receipt = DeliveryReceipt(
                tenant: "t106540352242922", provider: .meta, providerMessageID: "wamid.X", status: .sent, at: Self.at,
                ownID: id)
            #expect(try events(body(change(value))) == [.receipt(receipt)])
        }
    }

    @Test func `what was written in the WhatsApp Business app is told of`() throws {
        let echo = change(
            """
            "message_echoes":[{"from":"15550783881","to":"+16505551234","id":"wamid.E","timestamp":"1749416383",\
            "type":"text","text":{"body":"Mine"}},{"from":"15550783881","to":"16505551234","id":"wamid.R",\
            "timestamp":"1749416383","type":"revoke","revoke":{"original_message_id":"wamid.E"}}]
            """, field: "smb_message_echoes")
        let all = try events(body(echo))
        guard all.count == 2, case .ownMessage(let own) = all[0] else {
            Issue.record("\(all)")
            return
        }
        #expect(own.contact == "16505551234" && own.text == "Mine" && own.provider == .meta && own.sentAt == Self.at)
        #expect(own.tenant == "t106540352242922" && all[1] == .ignored(.own))
    }

    @Test func `what Meta reports beside messages is passed over`() throws {
        let echo = change(#""message_echoes":[{"from":"1","to":"2","id":"E"},{"id":"F"}]"#, field: "smb_message_echoes")
        #expect(try events(body(echo)) == [.ignored(.own), .ignored(.own)])
        #expect(try events(body(change(#""x":1"#, field: "account_update"))) == [.ignored(.technical)])
        #expect(try events(body(change(#""errors":[{"code":130429}]"#))) == [.ignored(.technical)])
        #expect(
            try events(body(change(#""statuses":[{"id":"X","status":"deleted"}]"#))) == [.ignored(.technical)])
        #expect(try events(#"{"object":"page","entry":[]}"#) == [.ignored(.technical)])
        #expect(try events(#"{"object":"whatsapp_business_account","entry":[]}"#) == [])
    }

    @Test(arguments: [
        ("[]", "the body must be an object"), ("{}", "object must be a string"),
        (#"{"object":"whatsapp_business_account"}"#, "entry must be an array"),
        (#"{"object":"whatsapp_business_account","entry":{}}"#, "entry must be an array"),
    ])
    func `another shape is told with what and where`(body: String, problem: String) throws {
        #expect(throws: JSONError.unexpected(problem)) { try events(body) }
    }

    @Test(arguments: [
        (#"{"value":{}}"#, "field must be a string"), (#"{"field":"messages"}"#, "value must be an object"),
        (#"{"field":"messages","value":{"messages":[]}}"#, "value.metadata.phone_number_id must be a string"),
        (
            #"{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":{}}}"#,
            "value.messages must be an array"
        ),
        (
            #"{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"statuses":{}}}"#,
            "value.statuses must be an array"
        ),
    ])
    func `a malformed change is rejected alone`(change: String, problem: String) throws {
        #expect(try events(body(change)) == [.rejected("entry[0].changes[0].\(problem)")])
    }

    @Test func `the numbers of a body are found wherever its events are`() throws {
        let text = body(change(#""messages":[]"#, number: "1"), change(#""x":1"#, field: "other", number: "2"))
        let both = #"{"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"1"}}}]},7,\#(text)]}"#
        let found = try JSON.read(Array(text.utf8)) { MetaNormalizer.phoneNumberIDs($0) }
        #expect(found == ["1", "2"])
        #expect(try JSON.read(Array(both.utf8)) { MetaNormalizer.phoneNumberIDs($0) } == ["1"])
        #expect(try JSON.read(Array("[1]".utf8)) { MetaNormalizer.phoneNumberIDs($0) } == [])
    }

    @Test func `the numbers of a body with more changes than Meta sends are not read, for nobody has proven it`() throws
    {
        func numbers(_ entries: [Int]) throws -> [String] {
            var count = 0
            let entries = entries.map { changes in
                let changes = (0..<changes).map { _ in
                    count += 1
                    return #"{"value":{"metadata":{"phone_number_id":"\#(count)"}}}"#
                }
                return #"{"changes":[\#(changes.joined(separator: ","))]}"#
            }
            let text = #"{"entry":[\#(entries.joined(separator: ","))]}"#
            return try JSON.read(Array(text.utf8)) { MetaNormalizer.phoneNumberIDs($0) }
        }
        #expect(try numbers([1000, 1000]) == (1...2000).map(String.init))
        #expect(try numbers([1000, 1001]) == [])
        #expect(try numbers([2001]) == [])
        #expect(try numbers([Int](repeating: 1, count: 2001)) == [])
    }
}
