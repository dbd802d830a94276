import Native
import Shared

/// Writes what happened to Postgres, or sees to it that it is written later.
@LoopActor struct RowWriter {
    let messages: MessageStore
    let errors: ProcessingErrorStore
    let waiting: Counter
    let log: Log

    init(pool: PostgresPool, metrics: Metrics, log: Log) {
        messages = MessageStore(pool: pool)
        errors = ProcessingErrorStore(pool: pool)
        waiting = metrics.counter(.rowsWaiting)
        self.log = log
    }

    /// Writes the exchange. nil when that is done, else the job that will do it.
    func write(_ exchange: Exchange, _ job: LeasedJob) async -> Job? {
        do throws(StoreError) {
            try await messages.record(exchange)
            return nil
        } catch {
            waiting.increment()
            log.warning(
                .rowsWaiting, "Rows wait for Postgres",
                [.jobID: .text(job.job.id.rawValue), .error: .text("\(error)")])
            return RowsHandler.job(exchange, after: job.job)
        }
    }

    /// Notes why a job gave up. The dead job's row tells it too, so a Postgres that is down loses nothing here.
    func note(_ reason: String, stage: String, _ message: InboundMessage, _ job: LeasedJob) async {
        let error = ProcessingError(
            business: message.tenant, jobID: job.job.id.rawValue, messageID: message.messageID, stage: stage,
            message: reason, retryCount: job.attempt - 1, createdAtMS: WallTime.now().milliseconds)
        do throws(StoreError) { try await errors.record(error) } catch {
            log.warning(
                .rowsWaiting, "A processing error could not be noted",
                [.jobID: .text(job.job.id.rawValue), .error: .text("\(error)")])
        }
    }
}
