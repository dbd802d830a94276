import Native
import TestSupport
import Testing

@testable import Shared

@Suite("A send whose outcome is not known", .onLoop)
@LoopActor struct OpenSendTests {
    static let since = WallTime(milliseconds: 1_763_700_000_000)

    func at(_ seconds: Int64) -> WallTime { WallTime(milliseconds: Self.since.milliseconds + seconds * 1000) }

    /// Of a chat the gateway knows, with nothing of the send in it.
    func listing(
        count: Int = 1, oldest: Int64? = nil, _ add: (inout OpenSend.Listing) -> Void = { _ in }
    ) -> OpenSend.Listing {
        var listing = OpenSend.Listing(since: Self.since)
        listing.knowsChat = count > 0
        add(&listing)
        listing.close(count: count, limit: 50, oldest: oldest.map(at))
        return listing
    }

    func judge(_ listing: OpenSend.Listing?, after seconds: Int64 = 3600) -> OpenSend.Verdict {
        OpenSend.judge(listing, since: Self.since, now: at(seconds))
    }

    @Test func `ours by its id is sent, at once, whatever else stands there`() {
        let listing = listing { listing in
            listing.addSame("A", at: at(0))
            listing.addSame("B", at: at(1))
            listing.addOurs("X")
        }
        #expect(judge(listing, after: 1) == .answer(.sent(providerID: "X")))
    }

    @Test(arguments: [0, 20, -1] as [Int64])
    func `alone with its words since then, it is sent, and what failed is not`(seconds: Int64) {
        #expect(judge(listing { $0.addSame("X", at: at(seconds)) }, after: 1) == .answer(.sent(providerID: "X")))
        #expect(judge(listing { $0.addSame("X", at: at(seconds), hasFailed: true) }) == .answer(.notSent))
    }

    @Test func `of two with the same words none is taken for it, and it is not sent again`() {
        let two = listing { listing in
            listing.addSame("A", at: at(0))
            listing.addSame("B", at: at(1))
        }
        #expect(judge(two, after: 1) == .answer(.unreachable))
        #expect(judge(two) == .answer(.unreachable))
    }

    @Test(arguments: [-2, -5] as [Int64])
    func `one shortly before may be the send by a slow clock, or not`(seconds: Int64) {
        let unclear = listing { $0.addSame("A", at: at(seconds)) }
        #expect(judge(unclear, after: 15) == .wait(OpenSend.pause))
        #expect(judge(unclear) == .answer(.unreachable))
        // The send itself came up meanwhile.
        let both = listing { listing in
            listing.addSame("A", at: at(seconds))
            listing.addSame("B", at: at(1))
        }
        #expect(judge(both) == .answer(.sent(providerID: "B")))
    }

    @Test func `without time or id, or doubtful, it proves nothing`() {
        #expect(judge(listing { $0.addSame("A", at: nil) }) == .answer(.unreachable))
        #expect(judge(listing { $0.addSame(nil, at: at(0)) }) == .answer(.unreachable))
        #expect(judge(listing { $0.addDoubtful(at: at(0)) }) == .answer(.unreachable))
        #expect(judge(listing { $0.addDoubtful(at: nil) }) == .answer(.unreachable))
        #expect(judge(listing { $0.addDoubtful(at: at(-6)) }) == .answer(.notSent))
    }

    @Test func `the same words of long ago are not this send`() {
        #expect(judge(listing { $0.addSame("A", at: at(-6)) }) == .answer(.notSent))
        #expect(judge(listing { $0.addSame("A", at: at(-86_400)) }) == .answer(.notSent))
    }

    @Test func `not found may still be on its way, until it has had its time`() {
        #expect(judge(listing(), after: 15) == .wait(OpenSend.pause))
        #expect(judge(listing(), after: 29) == .wait(.seconds(1)))
        #expect(judge(listing(), after: 30) == .answer(.notSent))
        #expect(judge(listing()) == .answer(.notSent))
    }

    @Test func `a list that does not reach back to the send proves nothing`() {
        #expect(judge(listing(count: 50, oldest: 0)) == .answer(.unreachable))
        #expect(judge(listing(count: 50, oldest: -5)) == .answer(.unreachable))
        #expect(judge(listing(count: 50)) == .answer(.unreachable))
        #expect(judge(listing(count: 50, oldest: -6)) == .answer(.notSent))
        #expect(judge(listing(count: 49, oldest: 0)) == .answer(.notSent))
    }

    @Test func `a chat that the gateway does not know proves nothing, however long ago`() {
        #expect(judge(listing(count: 0)) == .answer(.unreachable))
        #expect(judge(nil) == .answer(.unreachable))
    }

    @Test func `what is known as another message's is passed over`() throws {
        let shop = Business(id: "shop", name: "Shop")
        let one = OutboundMessage(business: shop, addresses: [], text: "Hi", id: "1")
        let other = OutboundMessage(business: shop, addresses: [], text: "Hi", id: "2")
        var known = KnownSends()
        known.note(SendOutcome.sent(providerID: "A"), of: one)
        known.note(LookUp.sent(providerID: "B"), of: one)
        known.note(SendOutcome.unknown(detail: "C", isTimeout: true), of: one)
        known.note(LookUp.unreachable, of: one)
        #expect(known.isAnothers("A", than: other) && known.isAnothers("B", than: other))
        #expect(!known.isAnothers("A", than: one) && !known.isAnothers("C", than: other))
        // A server that another business named may tell any id.
        let market = Business(id: "market", name: "Market")
        known.note(
            SendOutcome.sent(providerID: "D"), of: OutboundMessage(business: market, addresses: [], text: "Hi", id: "3")
        )
        #expect(!known.isAnothers("D", than: one))
    }

    @Test func `looking ends with the first certain answer`() async {
        var looks = 0
        let long = WallTime(milliseconds: 0)
        let answer = await OpenSend.settle(since: long) {
            looks += 1
            var listing = OpenSend.Listing(since: long)
            listing.knowsChat = true
            listing.close(count: 1, limit: 50, oldest: nil)
            return listing
        }
        #expect(answer == .notSent && looks == 1)
    }

    // MARK: What both gateways share

    @Test(
        arguments: [
            ("5511999990000@s.whatsapp.net", "5511999990000@s.whatsapp.net", "5511999990000@c.us"),
            ("5511999990000@c.us", "5511999990000", "5511999990000@c.us"), ("123@lid", "123@lid", "123@lid"),
            ("120363@g.us", "120363@g.us", "120363@g.us"),
            ("whatsapp:+5511999990000", "5511999990000", "5511999990000@c.us"),
            ("5511999990000", "5511999990000", "5511999990000@c.us"), ("US.13491208655302741918", nil, nil),
        ] as [(String, String?, String?)])
    func `each gateway has its own form of an address`(address: String, number: String?, chat: String?) throws {
        let address = try #require(ContactAddress(rawValue: address))
        #expect(EvolutionAddress.number([address]) == number)
        #expect(WAHAAddress.chat([address]) == chat)
    }

    @Test func `the first address that can be reached is taken`() throws {
        let addresses = ["US.1349", "123@lid", "5511999990000@c.us"].compactMap(ContactAddress.init(rawValue:))
        #expect(EvolutionAddress.number(addresses) == "123@lid" && WAHAAddress.chat(addresses) == "123@lid")
    }

    @Test func `an answer holds for its time only`() {
        var cache = AnswerCache<Bool>(lifetime: .seconds(2))
        let now = MonotonicInstant.now()
        #expect(cache.find("a", now: now) == nil)
        cache.keep(false, of: "a", now: now)
        #expect(cache.find("a", now: now + .seconds(1)) == false && cache.find("b", now: now) == nil)
        #expect(cache.find("a", now: now + .seconds(2)) == nil)
    }

    @Test(arguments: [("shop1", "shop1"), ("my shop/ä?", "my%20shop%2F%C3%A4%3F"), ("1@c.us", "1@c.us")])
    func `a name goes into a path as one word`(name: String, segment: String) {
        #expect(PathSegment.encode(name) == segment)
    }
}
