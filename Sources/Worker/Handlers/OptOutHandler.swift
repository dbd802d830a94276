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
            return .unwritten("opt-out", error)
        }
    }

    /// The job that writes it later. It keeps to its conversation's order.
    static func job(_ change: OptOutChange, after job: Job) -> Job {
        WaitingWrite.job(name, "opt-out", change, after: job)
    }
}
