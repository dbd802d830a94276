import Native
import Shared

/// Writes what happened to Postgres, or sees to it that it is written later.
@LoopActor struct RowWriter {
    let messages: MessageStore
    let errors: ProcessingErrorStore
    let earlier: WaitingRows
    let silence: PostgresSilence
    let waiting: Counter
    let log: Log

    /// For Postgres. The conversation's next message waits for it; a longer write may be made all the same, and once more.
    private static let patience: Duration = .milliseconds(500)

    init(pool: PostgresPool, earlier: WaitingRows, silence: PostgresSilence, metrics: Metrics, log: Log) {
        self.earlier = earlier
        self.silence = silence
        messages = MessageStore(pool: pool)
        errors = ProcessingErrorStore(pool: pool)
        waiting = metrics.counter(.rowsWaiting)
        self.log = log
    }

    /// What became of rows, with the job that goes on with them.
    enum Outcome: Sendable {
        case written
        /// Postgres is down, or was and others come first; the job writes them.
        case waiting(Job)
        /// Postgres will never take them: the job dies with the reason, and an operator sees it.
        case refused(Job)

        var following: [Job] {
            switch self {
            case .written: []
            case .waiting(let job), .refused(let job): [job]
            }
        }
    }

    func write(_ exchange: Exchange, _ job: LeasedJob) async -> Outcome {
        let areEarlier = await earlier.areThere(of: job.job)
        do throws(StoreError) {
            if !areEarlier {
                let written: Void? = try await silence.ask { () throws(StoreError) in
                    try await messages.record(exchange, within: Self.patience)
                }
                if written != nil { return .written }
            }
            waiting.increment()
            return .waiting(RowsHandler.job(exchange, after: job.job))
        } catch {
            let isWaiting = error.isOutage || Task.isCancelled
            if error.isOutage { earlier.noteOutage() }
            if isWaiting { waiting.increment() }
            log.warning(
                .rowsWaiting, "Rows are not written yet",
                [.jobID: .text(job.job.id.rawValue), .error: .text("\(error)")])
            let following = RowsHandler.job(exchange, after: job.job)
            return isWaiting ? .waiting(following) : .refused(following)
        }
    }

    /// Notes why a job gave up. Returns the job that does so when Postgres is back, if it is away.
    ///
    /// - Parameter written: what became of the job's rows. While they wait, Postgres is not asked.
    func note(
        _ reason: String, stage: String, _ message: InboundMessage, _ job: LeasedJob, after written: Outcome
    ) async -> [Job] {
        let error = ProcessingError(
            business: message.tenant, jobID: job.job.id.rawValue, messageID: message.messageID, stage: stage,
            message: reason, retryCount: job.attempt - 1, createdAtMS: WallTime.now().milliseconds)
        let later = [ProcessingErrorHandler.job(error, after: job.job)]
        if case .waiting = written { return later }
        do throws(StoreError) {
            let isNoted = try await silence.ask { () throws(StoreError) in try await errors.record(error) } != nil
            return isNoted ? [] : later
        } catch let fault {
            log.warning(
                .rowsWaiting, "A processing error is not noted yet",
                [.jobID: .text(job.job.id.rawValue), .error: .text("\(fault)")])
            return later
        }
    }
}
