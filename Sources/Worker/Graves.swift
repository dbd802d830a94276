import Native
import Shared

/// The rows of dead jobs.
@LoopActor struct Graves {
    private let store: DeadJobStore
    private let log: Log

    init(pool: PostgresPool, log: Log) {
        store = DeadJobStore(pool: pool)
        self.log = log
    }

    /// The row of a job that dies now.
    func row(of job: LeasedJob, _ reason: String) -> DeadJob {
        DeadJob(
            id: job.job.id.rawValue, business: job.job.tenant.rawValue,
            conversation: job.job.conversation?.rawValue, queue: job.job.lane.rawValue, name: job.job.name,
            version: job.job.version, traceparent: job.job.traceparent,
            payload: String(decoding: job.job.payload, as: UTF8.self),
            steps: ReplaySteps.kept(of: job.checkpoint.recorded), reason: reason, attempts: job.attempt,
            diedAt: .now())
    }

    /// Writes the row. Until then, or until it waits in the queue, the job may not go.
    func dig(_ dead: DeadJob) async throws(StoreError) {
        do throws(StoreError) {
            try await store.upsert(dead)
        } catch {
            log.error(
                .postgresConnection, "A dead job's row could not be written",
                [.jobID: .text(dead.id), .error: .text("\(error)")])
            throw error
        }
    }

    /// Removes the row of a job that was to die and has ended well: a replay of it would answer twice. Postgres that is
    /// away keeps it, and the log says so.
    func fill(_ job: Job) async {
        do throws(StoreError) {
            guard try await store.takeBack(job.id.rawValue) else { return }
            log.warning(.jobFinished, "A job that was to die has ended well", [.jobID: .text(job.id.rawValue)])
        } catch {
            log.warning(
                .postgresConnection, "It is unknown whether a finished job has a row among the dead",
                [.jobID: .text(job.id.rawValue), .error: .text("\(error)")])
        }
    }
}
