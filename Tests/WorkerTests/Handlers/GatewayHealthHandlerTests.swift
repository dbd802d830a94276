import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Looking after the gateway", .onLoop)
@LoopActor struct GatewayHealthHandlerTests {
    @LoopActor private final class Gateway {
        var asked: [String] = []
        var outcomes: [String: GatewayCare.Outcome] = [:]

        func tend(_ business: String) -> GatewayCare.Outcome {
            asked.append(business)
            return outcomes[business] ?? .able
        }
    }

    /// Asks about these businesses, by their ids, and others that are not to be asked about.
    private func asked(_ ids: [String], _ outcomes: [String: GatewayCare.Outcome]) async throws -> [String] {
        let gateway = Gateway()
        gateway.outcomes = outcomes
        try await withSchema { pool in
            let store = BusinessStore(pool: pool)
            for id in ids { try await store.upsert(Business(id: id, name: id, providers: [.baileys])) }
            try await store.upsert(Business(id: "a0", name: "", status: .paused, providers: [.baileys]))
            try await store.upsert(Business(id: "a1", name: "", providers: [.twilio]))
            let handler = GatewayHealthHandler(
                businesses: store, care: { gateway.tend($0) }, log: Log(level: .error, write: { _ in }))
            let job = Job(
                id: JobID("j"), name: "gateway_health", lane: .maintenance, tenant: TenantID("system"),
                conversation: nil, payload: [])
            let outcome = await handler.run(try .unqueued(job))
            #expect(outcome.isDone)
        }
        return gateway.asked
    }

    @Test func `each active business that sends through it is asked about`() async throws {
        let ids = ["b1", "b2", "b3", "b4"]
        #expect(try await asked(ids, ["b1": .unable, "b2": .restarted, "b3": .busy]) == ids)
    }

    @Test func `one that does not answer is not asked about everybody`() async throws {
        let ids = (1...9).map { "b\($0)" },
            silent = Dictionary(uniqueKeysWithValues: ids.map { ($0, GatewayCare.Outcome.silent) })
        #expect(try await asked(ids, silent) == ["b1", "b2", "b3"])
        // In a row: one business's own trouble is nobody else's.
        var some = silent
        some["b3"] = .unable
        #expect(try await asked(ids, some) == ["b1", "b2", "b3", "b4", "b5", "b6"])
    }
}
