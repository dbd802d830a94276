import Foundation
import Native
import Testing

@testable import Shared

@Suite("Rows as JSON")
struct StoredRowTests {
    @Test func `an inbound row is written as it is encoded`() throws {
        let full = InboundRow(
            provider: .waha, providerMessageID: "M\"1", jobID: "j", kind: .audio, body: "two\nlines", media: "[]",
            status: .skipped, sentAtMS: 1_763_650_000_001, acceptedAtMS: 2, author: "1555", authorName: "דנה")
        let least = InboundRow(
            provider: .meta, providerMessageID: "M2", jobID: "k", status: .received, acceptedAtMS: 0)
        let text = StoredJSON.array([full, least]) { $0.write(to: &$1) }
        #expect(try fields(text) == fields(StoredJSON.text([full, least])))
    }

    @Test func `a reply's row is written as it is encoded`() throws {
        let full = ReplyRow(
            provider: .baileys, providerMessageID: "P", jobID: "j", kind: .followUp, part: 3, body: "b\u{0}\\",
            status: .failed, unconfirmed: true, attempts: 4, error: "e", durationMS: 5, sentAtMS: 6)
        let least = ReplyRow(provider: .twilio, providerMessageID: nil, jobID: "k", body: "", status: .sent)
        let text = StoredJSON.array([full, least]) { $0.write(to: &$1) }
        #expect(try fields(text) == fields(StoredJSON.text([full, least])))
    }

    @Test func `an exchange is written as it is encoded, and read again`() throws {
        let inbound = InboundRow(
            provider: .meta, providerMessageID: "M2", jobID: "k", body: "\u{1}\"é", media: "[]", status: .received,
            acceptedAtMS: 0)
        let reply = ReplyRow(provider: .twilio, providerMessageID: nil, jobID: "k", body: "r\n", status: .sent)
        let full = Exchange(
            business: "b", contact: "1555", contactName: "D\"a", addresses: ["1@lid", "2@lid"],
            inbound: [inbound, inbound], replies: [reply])
        for exchange in [full, Exchange(business: "b", contact: "1", inbound: [])] {
            let text = String(decoding: exchange.json, as: UTF8.self)
            #expect(try fields("[\(text)]") == fields(StoredJSON.text([exchange])))
            #expect(try JSONDecoder().decode(Exchange.self, from: Data(exchange.json)) == exchange)
        }
    }

    @Test func `names that are true, each once`() throws {
        let text = StoredJSON.flags(["a\"b", "1@lid", "a\"b"])
        #expect(try JSONDecoder().decode([String: Bool].self, from: Data(text.utf8)) == ["a\"b": true, "1@lid": true])
    }

    private func fields(_ text: String) throws -> NSArray {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSArray)
    }
}
