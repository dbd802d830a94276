import FoundationEssentials
import Native
import Shared

/// `write_rows`: rows that waited for Postgres. Writing them twice changes nothing: they have unique keys.
@LoopActor struct RowsHandler: JobHandler {
    static let name = "write_rows"
    /// Of all jobs that write what waited for Postgres.
    static let lane = Lane.maintenance
    let version = 1

    let messages: MessageStore
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let exchange = try? JSONDecoder().decode(Exchange.self, from: Data(job.job.payload)) else {
            return .giveUp(reason: "payload is not rows")
        }
        do throws(StoreError) {
            try await messages.record(exchange)
            log.info(.rowsWritten, "Rows that waited are written", [.jobID: .text(job.job.id.rawValue)])
            return .done()
        } catch {
            if Task.isCancelled { return .lost }
            return error.isOutage
                ? .retry(after: nil, reason: "Postgres is down", refund: true)
                : .giveUp(reason: "rows: \(error)")
        }
    }

    /// The job that writes an exchange later. It keeps to its conversation's order.
    static func job(_ exchange: Exchange, after job: Job) -> Job? {
        guard let payload = try? JSONEncoder().encode(exchange) else { return nil }
        return Job(
            id: JobID("rows-\(job.id)"), name: name, lane: lane, tenant: job.tenant,
            conversation: job.conversation, traceparent: job.traceparent, payload: Array(payload))
    }
}
