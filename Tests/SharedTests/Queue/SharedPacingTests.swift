import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Limits that workers share", .onLoop)
@LoopActor struct SharedPacingTests {
    private static let name = CircuitName(business: "shop", provider: .meta)
    private static let others = [
        CircuitName(business: "shop", provider: .twilio), CircuitName(business: "other", provider: .meta),
    ]

    @Test func `what one worker is told all hear, of that number only`() async throws {
        try await RedisServer.withClient { server, client in
            let other = try await server.client()
            defer { other.close() }
            let a = SharedPacing(redis: client), b = SharedPacing(redis: other)
            a.limit(Self.name, for: .seconds(60))
            #expect(a.wait(Self.name) != nil && b.wait(Self.name) == nil)
            let heard = try await poll(within: .seconds(20), "the other to hear") {
                await b.look()
                return b.wait(Self.name)
            }
            #expect(heard > .seconds(30) && heard <= .seconds(60))
            #expect(Self.others.allSatisfy { a.wait($0) == nil && b.wait($0) == nil })
            // A worker that starts meanwhile.
            let late = SharedPacing(redis: other)
            await late.look()
            #expect(late.wait(Self.name) != nil)
            // A shorter wait does not end a longer one, wherever it is told.
            b.limit(Self.name, for: .seconds(1))
            #expect(b.wait(Self.name)! > .seconds(30))
        }
    }

    @Test func `a limit that is over is forgotten`() async throws {
        try await RedisServer.withClient { _, client in
            let pacing = SharedPacing(redis: client)
            pacing.limit(Self.name, for: .milliseconds(50))
            try await poll(within: .seconds(20), "the limit to pass") { pacing.wait(Self.name) == nil ? true : nil }
            await pacing.look()
            #expect(pacing.wait(Self.name) == nil)
        }
    }

    @Test func `while Redis is down a worker goes by what it was told itself`() async throws {
        let pacing = SharedPacing(
            redis: RedisClient(address: RedisAddress(endpoint: .unix(path: "/nowhere"), password: nil)))
        pacing.limit(Self.name, for: .seconds(60))
        await pacing.look()
        #expect(pacing.wait(Self.name) != nil)
    }
}
