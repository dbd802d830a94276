import FoundationEssentials
import Native
import Shared

/// `write_opt_out`: an opt-out that waited for Postgres. Writing it twice changes nothing.
@LoopActor struct OptOutHandler: JobHandler {
    static let name = "write_opt_out"
    let version = 1

    let store: OptOutStore

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let change = try? JSONDecoder().decode(OptOutChange.self, from: Data(job.job.payload)) else {
            return .giveUp(reason: "payload is no opt-out")
        }
        do throws(StoreError) {
            try await store.record(change)
            return .done()
        } catch {
            if Task.isCancelled { return .lost }
            return error.isOutage
                ? .retry(after: nil, reason: "Postgres is down", refund: true)
                : .giveUp(reason: "opt-out: \(error)")
        }
    }

    /// The job that writes it later. It keeps to its conversation's order.
    static func job(_ change: OptOutChange, after job: Job) -> Job? {
        guard let payload = try? JSONEncoder().encode(change) else { return nil }
        return Job(
            id: JobID("opt-out-\(job.id)"), name: name, lane: .maintenance, tenant: job.tenant,
            conversation: job.conversation, traceparent: job.traceparent, payload: Array(payload))
    }
}
