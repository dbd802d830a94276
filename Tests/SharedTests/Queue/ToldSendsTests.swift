import Native
import TestSupport
import Testing

@testable import Shared

@Suite("What receipts told of sends", .onLoop)
@LoopActor struct ToldSendsTests {
    private func receipt(
        _ status: DeliveryStatus, of tenant: String = "shop", ownID: String? = "3EB0", id: String = "wamid.X"
    ) -> DeliveryReceipt {
        DeliveryReceipt(
            tenant: tenant, provider: .meta, providerMessageID: id, status: status, at: WallTime(milliseconds: 0),
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

    @Test func `a receipt without an id of ours leaves nothing`() async throws {
        try await RedisServer.withClient { _, client in
            try await ToldSends(redis: client).note(receipt(.sent, ownID: nil))
            let keys = try await client.send(RedisCommand("KEYS", "*"))
            #expect(keys == .array([]))
        }
    }
}
