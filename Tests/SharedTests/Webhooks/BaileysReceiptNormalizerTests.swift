import Native
import Shared
import TestSupport
import Testing

@Suite("Baileys receipts", .onLoop)
@LoopActor struct BaileysReceiptNormalizerTests {
    static let arrival = WallTime(milliseconds: 1_763_660_000_000)

    func normalize(_ body: String, default tenant: String? = nil) throws -> [InboundEvent] {
        try JSON.read(Array(body.utf8)) { root throws(JSONError) in
            try BaileysReceiptNormalizer.normalize(root, defaultTenant: tenant, arrival: Self.arrival)
        }
    }

    func one(_ news: String, fromMe: String = "true") throws -> InboundEvent? {
        try normalize(
            """
            {"tenantId":"business_1","updates":[{"key":{"remoteJid":"972501234567@s.whatsapp.net","id":"3EB0AA",
            "fromMe":\(fromMe)},\(news)}]}
            """
        ).first
    }

    private func receipt(_ status: DeliveryStatus, at seconds: Int64?, error: String? = nil) -> InboundEvent {
        .receipt(
            DeliveryReceipt(
                tenant: "business_1", provider: .baileys, providerMessageID: "3EB0AA", status: status,
                at: seconds.map { WallTime(milliseconds: $0 * 1000) } ?? Self.arrival, error: error))
    }

    @Test(arguments: [
        ("2", DeliveryStatus.sent), ("3", .delivered), ("4", .read), ("5", .read), ("\"SERVER_ACK\"", .sent),
        ("\"DELIVERY_ACK\"", .delivered), ("\"READ\"", .read), ("\"PLAYED\"", .read), ("\"3\"", .delivered),
    ])
    func `a status is a number or its name`(status: String, expected: DeliveryStatus) throws {
        let event = try one(#""update":{"status":\#(status),"messageTimestamp":1763650000}"#)
        #expect(event == receipt(expected, at: 1_763_650_000))
    }

    @Test(
        arguments: [
            ("1763650000", 1_763_650_000), ("\"1763650000\"", 1_763_650_000), ("1763650000.25", 1_763_650_000),
            (#"{"low":1763650000,"high":0,"unsigned":true}"#, 1_763_650_000), ("0", nil), ("null", nil), ("\"x\"", nil),
            ("[]", nil), ("-5", nil),
        ] as [(String, Int64?)])
    func `a time comes in every form, and one that is not told is the arrival`(time: String, seconds: Int64?) throws {
        #expect(try one(#""update":{"status":3,"messageTimestamp":\#(time)}"#) == receipt(.delivered, at: seconds))
    }

    @Test func `without a time it came when it arrived`() throws {
        #expect(try one(#""update":{"status":"READ"}"#) == receipt(.read, at: nil))
    }

    @Test(arguments: [
        (#"["463","Your account has been restricted"]"#, "463: Your account has been restricted"), (#"["479"]"#, "479"),
        ("[479]", "479"), ("[]", "refused"), ("null", "refused"),
    ])
    func `a refusal has WhatsApp's code`(parameters: String, error: String) throws {
        let event = try one(#""update":{"status":0,"messageStubParameters":\#(parameters)}"#)
        #expect(event == receipt(.failed, at: nil, error: error))
    }

    @Test func `a reason without end is cut, so that its job always fits the queue`() throws {
        let long = String(repeating: "x", count: 100_000)
        guard case .receipt(let receipt) = try one(#""update":{"status":0,"messageStubParameters":["463","\#(long)"]}"#)
        else {
            Issue.record("must be a receipt")
            return
        }
        #expect(receipt.error?.count == 500)
    }

    @Test(arguments: [
        (#"{"userJid":"1@lid","receiptTimestamp":1763650000}"#, DeliveryStatus.delivered),
        (#"{"userJid":"1@lid","readTimestamp":1763650000}"#, .read),
        (#"{"userJid":"1@lid","playedTimestamp":"1763650000"}"#, .read),
        (#"{"userJid":"1@lid","receiptTimestamp":1763649999,"readTimestamp":1763650000}"#, .read),
        (#"{"userJid":"1@lid","receiptTimestamp":1763650000,"readTimestamp":0,"playedTimestamp":"0"}"#, .delivered),
        (#"{"userJid":"1@lid","receiptTimestamp":0,"readTimestamp":{"low":0},"playedTimestamp":1763650000}"#, .read),
    ])
    func `a group's receipt tells by its time's name`(news: String, status: DeliveryStatus) throws {
        #expect(try one(#""receipt":\#(news)"#) == receipt(status, at: 1_763_650_000))
    }

    @Test(arguments: [
        (#""update":{"message":null,"messageStubType":1,"key":{}}"#, IgnoreReason.revoke),
        (#""update":{"message":{"editedMessage":{"message":{"conversation":"x"}}},"messageTimestamp":1}"#, .edit),
        (#""update":{"pollUpdates":[{}]}"#, .technical), (#""update":{"starred":true}"#, .technical),
        (#""update":{"pinInChat":{}}"#, .technical), (#""update":{"status":1}"#, .technical),
        (#""update":{"status":"PENDING"}"#, .technical), (#""receipt":{"userJid":"1@lid"}"#, .technical),
        (#""receipt":{"userJid":"1@lid","receiptTimestamp":0,"readTimestamp":0}"#, .technical),
    ])
    func `updates that tell no status are ignored`(news: String, reason: IgnoreReason) throws {
        #expect(try one(news) == .ignored(reason))
    }

    @Test(arguments: ["false", "null", "\"true\""])
    func `what became of others' messages is ignored`(fromMe: String) throws {
        #expect(try one(#""update":{"status":4}"#, fromMe: fromMe) == .ignored(.technical))
    }

    @Test func `a malformed item among good ones is rejected alone, with its place`() throws {
        let events = try normalize(
            """
            {"tenantId":"b","updates":[
            {"key":{"id":"A","fromMe":true},"update":{"status":3}}, {"update":{"status":3}}, 7,
            {"key":{"id":"A b","fromMe":true},"update":{"status":3}}, {"key":{"fromMe":true},"update":{"status":3}},
            {"key":{"id":"A","fromMe":true},"update":{"status":9}}, {"key":{"id":"A","fromMe":true}}]}
            """)
        let problems = events.compactMap { if case .rejected(let problem) = $0 { problem } else { nil } }
        #expect(events.count == 7 && problems.count == 6)
        #expect(
            problems.map { $0.prefix(16) } == [
                "updates[1].key m", "updates[2].key m", "updates[3].key.i", "updates[4].key.i", "updates[5].updat",
                "updates[6].updat",
            ])
    }

    @Test(arguments: [
        ("[]", "body"), (#"{"updates":[]}"#, "tenantId"), (#"{"tenantId":"b"}"#, "updates"),
        (#"{"tenantId":"b","updates":{}}"#, "updates"), (#"{"tenantId":"a|b","updates":[]}"#, "tenantId"),
    ])
    func `a body of another shape is refused with what and where`(body: String, place: String) throws {
        #expect {
            try normalize(body)
        } throws: { error in
            guard case .unexpected(let detail)? = error as? JSONError else { return false }
            return detail.contains(place)
        }
    }
}
