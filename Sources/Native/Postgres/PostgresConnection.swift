/// A connection in pipeline mode. The queries of one loop turn go out together, ended by one Sync.
///
/// The server runs what lies between two Syncs as one transaction: an error undoes all of it. So answers are held
/// back until the Sync is answered, and the queries of a failed batch are sent again, each with a Sync of its own:
/// each then gets the outcome it has by itself. Nothing is lost and nothing is done twice, because the first
/// attempt was rolled back.
///
/// One batch is under way at a time. What comes meanwhile stays with the pool, where another connection can take it
/// if this one is held up.
@LoopActor final class PostgresConnection {
    /// More queries than this are not put into one batch, since a failure repeats them all.
    private static let batchLimit = 256
    /// From one attempt to cancel a batch to the next.
    private static let cancelInterval: Duration = .milliseconds(100)
    /// A query that is cancelled in place of another one is repeated this often.
    private static let repeatLimit = 3

    struct Events {
        /// Queries have ended, or a cancellation has.
        var onSettled: (PostgresConnection) -> Void = { _ in }
        /// Called once; all queries have been failed by then, and the handle is closed.
        var onLost: (PostgresConnection, String) -> Void = { _, _ in }
        /// The server works on something that nobody waits for. `cancelFinished` must follow.
        var onCancel: (PostgresConnection) -> Void = { _ in }
    }

    var events = Events()
    let processID: Int
    /// Lent to one transaction: its queries are never repeated.
    var isExclusive = false
    /// Queries that are not over.
    private(set) var pending = 0
    private(set) var isLost = false
    /// Between `onCancel` and `cancelFinished`.
    private(set) var isCancelling = false

    private let link: PostgresLink
    private let cancelTimeout: Duration
    private var statements: PostgresStatements
    private var arguments = PostgresArguments()
    /// To be written at the turn's end.
    private var gathered: [PostgresQuery] = []
    /// Written and not answered, oldest first.
    private var batches = PostgresQueue<PostgresBatch>()
    /// Writes at the end of this turn.
    private var isGathering = false
    private var lastCancel: MonotonicInstant?
    private weak var cancelTarget: PostgresBatch?

    /// Takes over a link that is connected and that nobody watches.
    init(link: PostgresLink, options: PostgresOptions) {
        self.link = link
        processID = link.processID
        cancelTimeout = options.cancelTimeout
        statements = PostgresStatements(limit: options.preparedStatements)
        _ = link.enterPipeline()
        link.watch { [weak self] events in self?.ready(events) }
    }

    /// Fails what is under way and closes the handle. `onLost` is not called.
    func close(_ reason: String = "the connection was closed") {
        events = Events()
        lose(reason)
    }

    /// Counts up with every answer of the server to a batch.
    var settledBatches: Int { batches.taken }

    /// Nothing is under way and nobody has it.
    var isFree: Bool { pending == 0 && !isExclusive && !isCancelling && !isLost }

    /// May be given a query: it is free, or gathers what this turn brings.
    var hasRoom: Bool { isFree || isGathering && !isExclusive && gathered.count < Self.batchLimit }

    // MARK: Sending

    /// The query goes out at the end of this turn.
    func add(_ query: PostgresQuery) {
        pending += 1
        gathered.append(query)
        if isGathering { return }
        isGathering = true
        LoopActor.loop.atEndOfTurn { self.endTurn() }
    }

    /// Any number of statements in one text, without parameters. Only while nothing else is under way.
    func addScript(_ query: PostgresQuery) {
        precondition(isExclusive)
        guard !isLost, pending == 0, batches.isEmpty, link.leavePipeline(), link.sendScript(query.sql) else {
            return query.finish(.failure(.rejected(sqlState: "25001", message: "the connection is busy")))
        }
        pending += 1
        query.connection = self
        let batch = PostgresBatch()
        batch.append(.script(query))
        batches.append(batch)
        flush()
    }

    private func endTurn() {
        isGathering = false
        if isLost || gathered.isEmpty { return }
        let queries = gathered
        gathered.removeAll(keepingCapacity: true)
        if isExclusive {
            // The server says by itself that a statement failed because of the one before.
            for query in queries { write([query]) }
        } else {
            write(queries[...])
        }
        flush()
        // All of them were abandoned before they could be sent.
        if pending == 0 { events.onSettled(self) }
    }

    private func write(_ queries: ArraySlice<PostgresQuery>) {
        let batch = PostgresBatch()
        for query in queries {
            if query.isOver {
                pending -= 1
                continue
            }
            do throws(PostgresError) {
                try arguments.fill(query.parameters)
                try write(query, to: batch)
            } catch {
                pending -= 1
                query.finish(.failure(error))
            }
        }
        for name in statements.discarded where link.sendStatement("DEALLOCATE \(name)") {
            batch.append(.deallocate(name))
        }
        statements.discarded.removeAll()
        if batch.steps.isEmpty { return }
        _ = link.sendSync()
        batches.append(batch)
    }

    private func write(_ query: PostgresQuery, to batch: PostgresBatch) throws(PostgresError) {
        let (statement, isNew) = statements.use(query.sql)
        if isNew {
            guard link.sendPrepare(statement.name, query.sql) else { throw .unavailable(link.errorMessage) }
            batch.append(.prepare(statement))
        }
        guard link.sendExecute(statement.name, arguments) else { throw .unavailable(link.errorMessage) }
        query.connection = self
        batch.append(.execute(query, statement))
    }

    private func flush() {
        if !link.flush() || !link.isAlive { lose(link.errorMessage) }
    }

    // MARK: Receiving

    private func ready(_ ready: SocketEvents) {
        if isLost { return }
        if ready.contains(.writable), !link.flush() { return lose(link.errorMessage) }
        guard ready.contains(.readable) else { return }
        let isIntact = link.consumeInput()
        let before = batches.taken
        takeAnswers()
        if isLost { return }
        if !isIntact || !link.isAlive { return lose(link.errorMessage) }
        cancelAbandoned()
        if batches.taken != before { events.onSettled(self) }
    }

    private func takeAnswers() {
        var gap = false
        while let batch = batches.first, !link.isBusy {
            guard let result = link.next() else {
                // Between two steps of a pipeline libpq may say once more that there is nothing.
                let ended = batch.endStep()
                if ended, batch.isScript { endScript() }
                if !ended, gap { return }
                gap = !ended
                continue
            }
            gap = false
            if result.status == .sync {
                batches.removeFirst()
                settle(batch)
            } else {
                batch.take(result)
            }
        }
    }

    private func endScript() {
        guard let batch = batches.first else { return }
        batches.removeFirst()
        if !link.enterPipeline() { return lose(link.errorMessage) }
        settle(batch)
    }

    /// The server has committed the batch, or rolled it back.
    private func settle(_ batch: PostgresBatch) {
        statements.discarded += batch.notDeallocated
        var again: [PostgresQuery] = []
        for step in batch.steps {
            switch step {
            case .prepare(let statement): if !statement.isPrepared { statements.forget(statement) }
            case .deallocate: break
            case .execute(let query, let statement):
                if mustRepeat(query, statement, after: batch) {
                    again.append(query)
                } else {
                    finish(query, batch.failure)
                }
            case .script(let query): finish(query, batch.failure)
            }
        }
        if batch.failure != nil, PostgresError.endsSession(sqlState: batch.failedState) {
            for query in again { finish(query, batch.failure) }
            return lose(batch.failure?.description ?? "")
        }
        if again.isEmpty { return }
        for query in again { write([query]) }
        flush()
    }

    private func finish(_ query: PostgresQuery, _ failure: PostgresError?) {
        pending -= 1
        if let failure { return query.finish(.failure(failure)) }
        guard let rows = query.rows else {
            return query.finish(.failure(.unavailable("the server gave no answer")))
        }
        query.finish(.success(rows))
    }

    private func mustRepeat(
        _ query: PostgresQuery, _ statement: PostgresStatement, after batch: PostgresBatch
    ) -> Bool {
        guard let failure = batch.failure, !query.isOver, !isExclusive else { return false }
        query.rows = nil
        if batch.queries > 1 { return true }
        if query.repeats >= Self.repeatLimit { return false }
        let isStale = query.repeats == 0 && PostgresError.blamesStatement(sqlState: batch.failedState)
        let isMistaken = failure == .timedOut && wasCancelledLately
        query.repeats += 1
        if isStale { statements.forget(statement) }
        return isStale || isMistaken
    }

    // MARK: Cancelling

    /// Has the server cancel what it works on, if nobody waits for a part of that. The others are repeated.
    func cancelAbandoned() {
        guard !isLost, !isCancelling, let batch = batches.first, batch.hasAbandoned, batch !== cancelTarget else {
            return
        }
        cancelTarget = batch
        LoopActor.loop.after(cancelTimeout) { [weak self, weak batch] in
            if let self, let batch, batches.first === batch { lose("a cancelled query did not end") }
        }
        cancelTargetNow()
    }

    private func cancelTargetNow() {
        guard !isLost, !isCancelling, let batch = batches.first, batch === cancelTarget else { return }
        isCancelling = true
        lastCancel = .now()
        events.onCancel(self)
    }

    /// The server has been told, or could not be.
    func cancelFinished() {
        isCancelling = false
        lastCancel = .now()
        cancelAbandoned()
        if isLost { return }
        if batches.first === cancelTarget {
            // A server that had not yet begun with the batch has passed the cancellation over.
            LoopActor.loop.after(Self.cancelInterval) { [weak self] in self?.cancelTargetNow() }
        }
        events.onSettled(self)
    }

    /// A cancellation may hit the query after the one it was meant for.
    private var wasCancelledLately: Bool {
        guard let lastCancel else { return false }
        return isCancelling || MonotonicInstant.now() - lastCancel < .seconds(5)
    }

    private func lose(_ reason: String) {
        if isLost { return }
        isLost = true
        link.close()
        let error = PostgresError.unavailable(reason)
        for query in gathered { query.finish(.failure(error)) }
        while let batch = batches.first {
            batches.removeFirst()
            for step in batch.steps {
                switch step {
                case .execute(let query, _), .script(let query):
                    // Of several queries it is not known whose failure it was.
                    query.finish(.failure(batch.queries == 1 ? batch.failure ?? error : error))
                case .prepare, .deallocate: break
                }
            }
        }
        gathered = []
        pending = 0
        events.onLost(self, reason)
    }
}
