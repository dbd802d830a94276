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
            return .unwritten("processing error", error)
        }
    }

    /// The job that writes it later. It keeps to its conversation's order.
    static func job(_ error: ProcessingError, after job: Job) -> Job {
        WaitingWrite.job(name, "error", error, after: job)
    }
}
