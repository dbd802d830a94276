import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Whom a gateway's webhook is for, and what proves it", .onLoop)
@LoopActor struct GatewayReceiverTests {
    /// `x` and `y` have instances and secrets of their own, `z` neither; `own` names no instance.
    func known(isLoaded: Bool = true, default standard: String? = nil) -> KnownBusinesses {
        var index = BusinessIndex()
        for id in ["x", "y"] {
            var settings = BusinessSettings()
            settings.evolutionInstance = id + "-instance"
            settings.wahaSession = id + "-session"
            settings.evolutionWebhookSecret = "secret of " + id
            index.put(settings, of: id)
        }
        index.put(BusinessSettings(), of: "own")
        return KnownBusinesses(index: index, isLoaded: isLoaded, defaultBusiness: standard)
    }

    // MARK: Paths

    @Test(
        arguments: [
            (nil, nil, nil), ("shop", nil, "shop"), ("messages-upsert", nil, nil),
            ("shop", "messages-upsert", "shop"), ("messages-upsert", "messages-upsert", "messages-upsert"),
            ("call", "connection-update", "call"), ("shop", "event-of-tomorrow", "shop"),
            ("messages.upsert", nil, "messages.upsert"),
        ] as [(String?, String?, String?)])
    func `an event's name behind the path is no business`(first: String?, second: String?, tenant: String?) {
        #expect(EvolutionPath(first, second).tenant == tenant)
    }

    // MARK: The business

    @Test func `the path comes first, then the address, then the default business, then an alias`() {
        let instance = BusinessIndex.Address.evolutionInstance
        #expect(GatewayReceiver(known(), path: "z", address: instance("x-instance")).tenant == "z")
        #expect(GatewayReceiver(known(), path: nil, address: instance("x-instance")).tenant == "x")
        #expect(GatewayReceiver(known(), path: nil, address: instance("own")).tenant == "own")
        #expect(GatewayReceiver(known(default: "d"), path: nil, address: instance("new")).tenant == "d")
        #expect(GatewayReceiver(known(), path: nil, address: instance("new")).tenant == "evolution.new")
        #expect(GatewayReceiver(known(), path: nil, address: .wahaSession("new")).tenant == "waha.new")
        #expect(GatewayReceiver(known(default: "d"), path: nil, address: nil).tenant == "d")
        #expect(GatewayReceiver(known(), path: nil, address: nil).tenant == nil)
    }

    @Test func `while the businesses are not known an address is nobody's, also not the default business's`() {
        let receiver = GatewayReceiver(
            known(isLoaded: false, default: "d"), path: nil, address: .evolutionInstance("new"))
        #expect(receiver.tenant == "evolution.new")
    }

    @Test func `metadata names a business only when there is such a one`() {
        let session = BusinessIndex.Address.wahaSession("x-session")
        #expect(GatewayReceiver(known(), path: nil, claimed: "y", address: session).tenant == "y")
        #expect(GatewayReceiver(known(), path: nil, claimed: "nobody", address: session).tenant == "x")
        #expect(GatewayReceiver(known(), path: "z", claimed: "y", address: session).tenant == "z")
    }

    @Test func `a path that names an alias is refused, for the worker would resolve it to somebody's business`() throws
    {
        for name in ["evolution.y-instance", "waha.y-session", "meta.1", "twilio.1"] {
            let receiver = GatewayReceiver(known(), path: name, address: nil)
            #expect(throws: APIError.self) { try receiver.proven(known()) }
        }
        #expect(throws: APIError.self) { try GatewayReceiver(known(), path: "a|b", address: nil).proven(known()) }
        #expect(try GatewayReceiver(known(), path: "not.there", address: nil).proven(known()) == "not.there")
        // The same name is good where we made it ourselves.
        let alias = GatewayReceiver(known(), path: nil, address: .evolutionInstance("new"))
        #expect(try alias.proven(known()) == "evolution.new")
    }

    @Test func `while the businesses are not known a path that may be a business's is not refused`() throws {
        let starting = known(isLoaded: false)
        for name in ["evolution.shop", "waha.main"] {
            let receiver = GatewayReceiver(starting, path: name, address: nil)
            let error = #expect(throws: APIError.self) { try receiver.proven(starting) }
            #expect(error?.status == 503)
        }
        #expect(try GatewayReceiver(starting, path: "shop", address: nil).proven(starting) == "shop")
        var index = BusinessIndex()
        index.put(BusinessSettings(), of: "waha.main")
        let later = KnownBusinesses(index: index, isLoaded: true, defaultBusiness: nil)
        #expect(try GatewayReceiver(later, path: "waha.main", address: nil).proven(later) == "waha.main")
    }

    // MARK: Groups

    func group(of tenant: String, isToUs: Bool = false) throws -> InboundEvent {
        .message(
            InboundMessage(
                tenant: tenant, provider: .waha, address: try #require(ContactAddress(rawValue: "120363@g.us")),
                contactName: nil, author: InboundAuthor(address: nil, isToUs: isToUs), messageID: "A", kind: .text,
                text: "Hi", sentAt: .now()))
    }

    @Test func `a group's message is as its business wants it, and waits where nobody knows the business`() throws {
        let known = KnownBusinesses.of([
            "all": .with { $0.groups = .all }, "mention": .with { $0.groups = .mention }, "none": BusinessSettings(),
        ])
        let cases = [("all", true), ("mention", false), ("none", false), ("unknown", true), ("waha.new", true)]
        for (tenant, isKept) in cases {
            let event = try group(of: tenant)
            #expect(known.judge(event) == (isKept ? event : .ignored(.group)))
        }
        let toUs = try group(of: "mention", isToUs: true)
        #expect(known.judge(toUs) == toUs)
        #expect(known.judge(.ignored(.own)) == .ignored(.own))
    }

    // MARK: Proof

    func isProven(_ given: String, own: [String], isLoaded: Bool = true) -> Int? {
        do {
            try GatewayReceiver(known(), path: "x", address: nil).prove(
                own: own.map { Secret($0) }, global: [Secret("global"), Secret("before")], isLoaded: isLoaded
            ) { $0.contains(given) }
            return nil
        } catch { return error.status }
    }

    @Test func `a business's own secrets prove, current and previous, and nobody else's do`() {
        #expect(isProven("new", own: ["new", "old"]) == nil && isProven("old", own: ["new", "old"]) == nil)
        #expect(isProven("global", own: ["new"]) == 401 && isProven("secret of y", own: ["new"]) == 401)
    }

    @Test func `without one of its own the global ones prove, two at once in a rotation`() {
        #expect(isProven("global", own: []) == nil && isProven("before", own: []) == nil)
        #expect(isProven("secret of x", own: []) == 401 && isProven("", own: []) == 401)
    }

    @Test func `while the businesses are not known a proof may be one we cannot judge yet`() {
        #expect(isProven("secret of x", own: [], isLoaded: false) == 503)
        #expect(isProven("global", own: [], isLoaded: false) == nil)
    }

    @Test func `who is named and not known is worth asking for, and only with a name that a business can have`() {
        let instance = BusinessIndex.Address.evolutionInstance
        func unheardOf(
            path: String? = nil, claimed: String? = nil, _ address: BusinessIndex.Address? = nil,
            default standard: String? = nil
        ) -> [String] {
            GatewayReceiver(known(default: standard), path: path, claimed: claimed, address: address).unheardOf
        }
        #expect(unheardOf(path: "x") == [] && unheardOf(path: "new") == ["new"])
        #expect(unheardOf(path: "new", instance("new-instance")) == ["new"] && unheardOf(path: "a|b") == [])
        #expect(unheardOf(instance("x-instance")) == [] && unheardOf(instance("own")) == [])
        #expect(unheardOf(instance("new")) == ["evolution.new"])
        #expect(unheardOf(instance("new"), default: "own") == ["evolution.new"])
        #expect(unheardOf(claimed: "y", .wahaSession("x-session")) == [])
        #expect(unheardOf(claimed: "new", .wahaSession("x-session")) == ["new"])
        #expect(unheardOf(claimed: "new", .wahaSession("s")) == ["new", "waha.s"])
        #expect(unheardOf(default: "own") == [] && unheardOf() == [])
    }

    @Test func `a refused proof says who is worth asking for, but not while all are unknown`() {
        func refusal(_ known: KnownBusinesses) -> APIError? {
            do throws(APIError) {
                try GatewayReceiver(known, path: "new", address: nil).prove(
                    own: [], global: [], isLoaded: known.isLoaded
                ) { _ in false }
                return nil
            } catch { return error }
        }
        #expect(refusal(known())?.status == 401 && refusal(known())?.unheardOf == ["new"])
        #expect(refusal(known(isLoaded: false))?.status == 503 && refusal(known(isLoaded: false))?.unheardOf == [])
    }

    @Test func `an empty secret is none`() {
        #expect([Secret](settings: nil, "").isEmpty)
        #expect([Secret](settings: "a", nil, "b").map(\.exposed) == ["a", "b"])
    }

    @Test func `Evolution proves itself by the header or by a token of the same key`() {
        let keys = [Secret("new"), Secret("old")], now = WallTime.now()
        func holds(_ secret: String?, _ authorization: String?) -> Bool {
            EvolutionProof(secret: secret, authorization: authorization).holds(keys, now: now)
        }
        #expect(holds("new", nil) && holds("old", nil) && !holds("other", nil) && !holds("", nil))
        for key in ["new", "old"] {
            #expect(holds(nil, "Bearer " + EvolutionToken.sign(key: key, now: now)))
            #expect(holds(nil, "bearer " + EvolutionToken.sign(key: key, now: now)))
        }
        #expect(!holds(nil, "Bearer " + EvolutionToken.sign(key: "other", now: now)))
        #expect(!holds(nil, "Bearer new") && !holds(nil, "new") && !holds(nil, "Basic new") && !holds(nil, nil))
        #expect(holds("wrong", "Bearer " + EvolutionToken.sign(key: "new", now: now)))
        #expect(!EvolutionProof(secret: "new", authorization: nil).holds([], now: now))
        #expect(EvolutionProof(secret: nil, authorization: "Basic x").isEmpty)
    }

    @Test(
        arguments: [
            // Bytes, whether businesses are known, the provider, whether the secrets of all prove it; is it refused?
            (70_000, true, .waha, false, true), (70_000, true, .waha, true, false), (60_000, true, .waha, false, false),
            // Some business may have the secret.
            (70_000, false, .waha, false, false), (70_000, true, .evolution, false, false),
        ] as [(Int, Bool, ProviderName, Bool, Bool)])
    func `a large body is not read where only the secrets of all could prove it and do not`(
        bytes: Int, isLoaded: Bool, provider: ProviderName, isProven: Bool, isRefused: Bool
    ) {
        var status: Int?
        do throws(APIError) {
            try GatewayReceiver.proveLarge(
                [UInt8](repeating: 0, count: bytes), of: provider, global: [], known(isLoaded: isLoaded)
            ) { _ in isProven }
        } catch { status = error.status }
        #expect(status == (isRefused ? 401 : nil))
    }
}
