import FoundationEssentials
import Native
import Shared

/// `write_processing_error`: a processing error that waited for Postgres. Writing it twice changes nothing.
@LoopActor struct ProcessingErrorHandler: JobHandler {
    static let name = "write_processing_error"
    let version = 1

    let errors: ProcessingErrorStore

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let error = try? JSONDecoder().decode(ProcessingError.self, from: Data(job.job.payload)) else {
            return .giveUp(reason: "payload is no processing error")
        }
        do throws(StoreError) {
            try await errors.record(error)
            return .done()
        } catch {
            if Task.isCancelled { return .lost }
            return error.isOutage
                ? .retry(after: nil, reason: "Postgres is down", refund: true)
                : .giveUp(reason: "processing error: \(error)")
        }
    }

    /// The job that writes it later. It keeps to its conversation's order.
    static func job(_ error: ProcessingError, after job: Job) -> Job? {
        guard let payload = try? JSONEncoder().encode(error) else { return nil }
        return Job(
            id: JobID("error-\(job.id)"), name: name, lane: RowsHandler.lane, tenant: job.tenant,
            conversation: job.conversation, traceparent: job.traceparent, payload: Array(payload))
    }
}
