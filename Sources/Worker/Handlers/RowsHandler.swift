import FoundationEssentials
import Native
import Shared

/// `write_rows`: rows that waited for Postgres. Writing them twice changes nothing: they have unique keys.
@LoopActor struct RowsHandler: JobHandler {
    static let name = "write_rows"
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
            return .unwritten("rows", error)
        }
    }

    /// The job that writes an exchange later. It keeps to its conversation's order.
    static func job(_ exchange: Exchange, after job: Job) -> Job {
        WaitingWrite.job(name, "rows", payload: exchange.json, after: job)
    }
}
