import Native
import TestSupport
import Testing

@testable import Shared

@Suite("A send whose outcome is not known", .onLoop)
@LoopActor struct OpenSendTests {
    static let since = WallTime(milliseconds: 1_763_700_000_000)

    func at(_ seconds: Int64) -> WallTime { WallTime(milliseconds: Self.since.milliseconds + seconds * 1000) }

    @Test func `found is sent, at once`() {
        let listing = OpenSend.Listing(found: "X", knowsChat: true)
        #expect(OpenSend.judge(listing, since: Self.since, now: at(1)) == .answer(.sent(providerID: "X")))
    }

    @Test func `not found may still be on its way, until it has had its time`() {
        let listing = OpenSend.Listing(found: nil, knowsChat: true)
        #expect(OpenSend.judge(listing, since: Self.since, now: at(15)) == .wait(OpenSend.pause))
        #expect(OpenSend.judge(listing, since: Self.since, now: at(29)) == .wait(.seconds(1)))
        #expect(OpenSend.judge(listing, since: Self.since, now: at(30)) == .answer(.notSent))
        #expect(OpenSend.judge(listing, since: Self.since, now: at(3600)) == .answer(.notSent))
    }

    @Test func `a chat that the gateway does not know proves nothing, however long ago`() {
        let listing = OpenSend.Listing(found: nil, knowsChat: false)
        #expect(OpenSend.judge(listing, since: Self.since, now: at(3600)) == .answer(.unreachable))
        #expect(OpenSend.judge(nil, since: Self.since, now: at(3600)) == .answer(.unreachable))
    }

    @Test func `the same text of yesterday is not this send, a slow clock's is`() {
        #expect(OpenSend.isSince(Self.since, at(0)) && OpenSend.isSince(Self.since, at(20)))
        #expect(OpenSend.isSince(Self.since, at(-5)))
        #expect(!OpenSend.isSince(Self.since, at(-6)) && !OpenSend.isSince(Self.since, at(-86_400)))
    }

    @Test func `looking ends with the first certain answer`() async {
        var looks = 0
        let long = WallTime(milliseconds: 0)
        let answer = await OpenSend.settle(since: long) {
            looks += 1
            return OpenSend.Listing(found: nil, knowsChat: true)
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
