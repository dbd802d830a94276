import Native
import TestSupport
import Testing

@testable import Shared

@Suite("What receipts told of sends", .onLoop)
@LoopActor struct ToldSendsTests {
    private func receipt(
        _ status: DeliveryStatus, of tenant: String = "shop", ownID: String? = "3EB0", id: String = "wamid.X",
        by provider: ProviderName = .meta
    ) -> DeliveryReceipt {
        DeliveryReceipt(
            tenant: tenant, provider: provider, providerMessageID: id, status: status, at: WallTime(milliseconds: 0),
            ownID: ownID)
    }

    @Test func `a message is found under our id, a failure only as long as nothing proves it wrong`() async throws {
        try await RedisServer.withClient { _, client in
            let told = ToldSends(redis: client)
            func find(_ tenants: String...) async -> ToldSends.Told? {
                await told.find("3EB0", provider: .meta, tenants: tenants)
            }
            let nothing = await find("shop")
            try await told.note(receipt(.failed))
            let failed = await find("meta.42", "shop")
            try await told.note(receipt(.delivered))
            try await told.note(receipt(.failed))
            let sent = await find("shop"), others = await find("other")
            #expect(nothing == nil && others == nil)
            #expect(failed == .init(providerID: "wamid.X", hasFailed: true))
            #expect(sent == .init(providerID: "wamid.X", hasFailed: false))
        }
    }

    @Test(arguments: [ProviderName.evolution, .waha])
    func `what a gateway's receipts tell is found under its own id`(provider: ProviderName) async throws {
        try await RedisServer.withClient { _, client in
            let told = ToldSends(redis: client)
            try await told.note(receipt(.sent, ownID: nil, id: "E1", by: provider))
            let found = await told.find("E1", provider: provider, tenants: ["shop"])
            #expect(found == .init(providerID: "E1", hasFailed: false))
        }
    }

    @Test(arguments: [ProviderName.meta, .twilio, .baileys])
    func `a receipt without an id of ours leaves nothing where nobody waits for it`(
        provider: ProviderName
    ) async throws {
        try await RedisServer.withClient { _, client in
            try await ToldSends(redis: client).note(receipt(.sent, ownID: nil, by: provider))
            let keys = try await client.send(RedisCommand("KEYS", "*"))
            #expect(keys == .array([]))
        }
    }
}
