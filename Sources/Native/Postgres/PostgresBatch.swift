/// What was written to the server up to one Sync: one implicit transaction, which succeeds or fails as a whole.
@LoopActor final class PostgresBatch {
    enum Step {
        case prepare(PostgresStatement)
        case execute(PostgresQuery, PostgresStatement)
        case deallocate(String)
        /// Alone in its batch, sent outside pipeline mode and without a Sync.
        case script(PostgresQuery)
    }

    private(set) var steps: [Step] = []
    private(set) var queries = 0
    /// Of the first step that failed.
    private(set) var failure: PostgresError?
    private(set) var failedState = ""
    /// The step the server works on.
    private var current = 0
    private var isAnswered = false
    /// Names the server still has to forget, because it skipped this batch's rest.
    private(set) var notDeallocated: [String] = []

    func append(_ step: Step) {
        steps.append(step)
        switch step {
        case .execute, .script: queries += 1
        case .prepare, .deallocate: break
        }
    }

    /// Notes one answer to the present step.
    func take(_ result: borrowing PostgresResult) {
        isAnswered = true
        guard current < steps.count else { return }
        switch result.status {
        case .error:
            if failure == nil {
                failure = result.error
                failedState = result.sqlState
            }
        case .aborted: if case .deallocate(let name) = steps[current] { notDeallocated.append(name) }
        case .rows, .command:
            switch steps[current] {
            case .prepare(let statement): statement.isPrepared = true
            case .execute(let query, let statement):
                let rows = result.rows(columns: statement.columns)
                if statement.columns == nil { statement.columns = rows.columns }
                query.rows = rows
            case .script(let query): query.rows = result.rows(columns: nil)
            case .deallocate: break
            }
        case .sync: break
        }
    }

    /// The present step's answers are at their end. False when it had none yet.
    func endStep() -> Bool {
        guard isAnswered else { return false }
        isAnswered = false
        current += 1
        return true
    }

    /// The server may be at work on a query that nobody waits for. Which one it is at cannot be known: it sends
    /// its answers when it comes to the Sync.
    var hasAbandoned: Bool {
        steps[min(current, steps.count)...].contains { step in
            switch step {
            case .execute(let query, _), .script(let query): query.isOver
            case .prepare, .deallocate: false
            }
        }
    }

    var isScript: Bool { if case .script = steps.first { true } else { false } }
}
