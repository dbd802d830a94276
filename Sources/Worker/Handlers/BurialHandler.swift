import FoundationEssentials
import Native
import Shared

/// `write_dead_job`: a dead job's row that waited for Postgres. Writing it twice changes nothing: it has its time of death.
@LoopActor struct BurialHandler: JobHandler {
    static let name = "write_dead_job"
    let version = 1

    let graves: Graves

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let dead = try? JSONDecoder().decode(DeadJob.self, from: Data(job.job.payload)) else {
            return .giveUp(reason: "payload is no dead job")
        }
        do throws(StoreError) {
            try await graves.dig(dead)
            return .done()
        } catch {
            if Task.isCancelled { return .lost }
            // Given up, it would leave nothing of the dead one that could be replayed.
            return .retry(after: nil, reason: "dead job: \(error)", refund: true)
        }
    }

    /// The job that writes the row later. It keeps to the conversation's order, so that what the dead one did is written
    /// before, and the dead one can be replayed only then.
    ///
    /// - Parameter job: the dead one, of a conversation.
    static func job(_ dead: DeadJob, after job: Job) -> Job {
        WaitingWrite.job(name, "dead", dead, after: job)
    }
}
