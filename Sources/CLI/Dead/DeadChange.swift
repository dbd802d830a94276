import Native
import Shared

/// Replays or discards the selected dead jobs, one after another.
@LoopActor struct DeadChange {
    enum Verb: String { case replay, discard }

    let verb: Verb
    let selection: DeadSelection
    let store: DeadJobStore
    let act: @LoopActor (DeadJob) async -> DeadOutcome.Kind
    /// Asked when it cannot be undone, or is of many. False ends it.
    let confirm: @LoopActor (String) async -> Bool
    /// Whether the user wants it to end, between two jobs.
    let isEnded: @LoopActor () -> Bool
    let report: @LoopActor (DeadOutcome) -> Void

    /// Read from the database at once.
    private static let page = 200

    enum Result: Equatable {
        case declined
        /// `total`: jobs that were selected; more than there are outcomes when it was ended, or a server went away.
        case ended([DeadOutcome], total: Int)
    }

    func run(now: WallTime = .now()) async throws(StoreError) -> Result {
        switch selection {
        case .ids(let ids):
            guard await mayGoOn(ids.count) else { return .declined }
            return .ended(try await change(ids), total: ids.count)
        case .filter(let options, let limit):
            var filter = options.stored(now: now)
            // What dies from here on was not asked for.
            filter.until = min(filter.until ?? now, now)
            let total = min(try await store.count(filter), limit ?? .max)
            guard total > 0 else { return .ended([], total: 0) }
            guard await mayGoOn(total) else { return .declined }
            return .ended(try await change(filter, total), total: total)
        }
    }

    private func mayGoOn(_ count: Int) async -> Bool {
        switch verb {
        case .replay: count == 1 ? true : await confirm("Replay \(Shown.count(count, "dead job"))?")
        case .discard: await confirm("Discard \(Shown.count(count, "dead job")) for good?")
        }
    }

    private func change(_ ids: [String]) async throws(StoreError) -> [DeadOutcome] {
        var outcomes: [DeadOutcome] = []
        for id in ids where !isOver(outcomes) {
            let kind = if let job = try await store.get(id) { await act(job) } else { DeadOutcome.Kind.unknown }
            note(DeadOutcome(id: id, kind: kind), &outcomes)
        }
        return outcomes
    }

    /// Page by page from the latest one on: those that are changed leave the list behind the place we are at.
    private func change(_ filter: DeadJobFilter, _ total: Int) async throws(StoreError) -> [DeadOutcome] {
        var outcomes: [DeadOutcome] = []
        var last: DeadJob?
        while outcomes.count < total, !isOver(outcomes) {
            let jobs = try await store.list(filter, before: last, limit: min(Self.page, total - outcomes.count))
            if jobs.isEmpty { break }
            last = jobs.last
            for job in jobs where !isOver(outcomes) {
                note(DeadOutcome(id: job.id, kind: await act(job)), &outcomes)
            }
        }
        return outcomes
    }

    private func isOver(_ outcomes: [DeadOutcome]) -> Bool { isEnded() || outcomes.last?.isOutage == true }

    private func note(_ outcome: DeadOutcome, _ outcomes: inout [DeadOutcome]) {
        outcomes.append(outcome)
        report(outcome)
    }
}
