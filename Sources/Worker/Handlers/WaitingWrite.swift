import FoundationEssentials
import Shared

/// What the jobs have in common that write to Postgres what could not be written when it happened.
enum WaitingWrite {
    static let lane = Lane.maintenance

    /// A job that writes a row later. It keeps to its conversation's order.
    ///
    /// - Parameters:
    ///   - name: of the handler.
    ///   - prefix: with the id of the other job it is the new one's, so that the same write waits once.
    ///   - job: in which the row came to be.
    static func job<Row: Encodable>(_ name: String, _ prefix: String, _ row: Row, after job: Job) -> Job {
        guard let payload = try? JSONEncoder().encode(row) else { preconditionFailure("texts and numbers are JSON") }
        return Self.job(name, prefix, payload: Array(payload), after: job)
    }

    /// - Parameter payload: JSON of the row.
    static func job(_ name: String, _ prefix: String, payload: [UInt8], after job: Job) -> Job {
        Job(
            id: JobID("\(prefix)-\(job.id)"), name: name, lane: lane, tenant: job.tenant,
            conversation: job.conversation, traceparent: job.traceparent, payload: payload)
    }
}

extension JobOutcome {
    /// Of a job that Postgres did not let finish: an outage costs it no attempt, anything else would come again.
    ///
    /// - Parameter what: was to be written.
    static func unwritten(_ what: String, _ error: StoreError) -> JobOutcome {
        if Task.isCancelled { return .lost }
        return error.isOutage
            ? .retry(after: nil, reason: "Postgres is down", refund: true) : .giveUp(reason: "\(what): \(error)")
    }
}
