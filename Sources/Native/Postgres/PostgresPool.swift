/// The connections of one process to one database.
///
/// A single connection, pipelined, serves most loads; more are opened when it is held up, and by transactions. While
/// no connection is there, queries fail at once and the pool tries to reconnect.
///
/// Queries that start in the same loop turn are answered together, so a slow one delays its neighbours: give it a
/// transaction, which has a connection of its own.
@LoopActor package final class PostgresPool {
    package typealias Options = PostgresOptions

    private let options: PostgresOptions
    /// Told with every change of `isReady`, and why.
    package var onStateChange: (_ isReady: Bool, _ reason: String) -> Void = { _, _ in }

    private let fleet: PostgresFleet
    private var growthTimer: TimerID?

    /// Queries no connection can take now, oldest first.
    private var waiting = PostgresQueue<PostgresQuery>()
    private var checkouts = PostgresQueue<PostgresCheckout>()
    /// Told when a connection has come, or has gone while closing.
    private var observers: [PostgresWait<Void>] = []

    /// - Parameter url: any libpq URL or connection string; check it with `PostgresAddress.problem(in:)`. With a
    ///   faulty one the pool never gets ready, and says why.
    package init(url: String, options: Options = Options()) {
        self.options = options
        fleet = PostgresFleet(url: url, options: options)
        fleet.events.onFree = { [weak self] in self?.serve() }
        fleet.events.onDown = { [weak self] in self?.failWaiting($0) }
        fleet.events.onGone = { [weak self] in self?.tellObservers() }
        fleet.events.onStateChange = { [weak self] isReady, reason in
            self?.onStateChange(isReady, reason)
            if isReady { self?.tellObservers() }
        }
    }

    // MARK: State

    /// Starts to connect, and to keep connected until `close`.
    package func start() { fleet.start() }

    /// At least one connection is open. It need not be free.
    package var isReady: Bool { !fleet.connections.isEmpty }

    /// Open connections, for the metrics.
    package var connectionCount: Int { fleet.connections.count }

    /// - Throws: `.unavailable` with the reason of the last failure, `.cancelled`.
    package func waitUntilReady(within limit: Duration) async throws(PostgresError) {
        if isReady { return }
        if let fault = fleet.fault { throw fault }
        let wait = PostgresWait<Void>()
        do throws(PostgresError) {
            try await wait.wait(within: limit) { observers.append(wait) }
        } catch {
            throw error == .timedOut ? .unavailable(fleet.reason) : error
        }
        if !isReady { throw .unavailable(fleet.reason) }
    }

    /// Takes no more work, lets what is under way finish within its deadlines, and closes all connections.
    package func close() async {
        await fleet.close()
        failWaiting(fleet.reason)
        while !fleet.connections.isEmpty {
            let wait = PostgresWait<Void>()
            // Never late: what is under way has deadlines.
            try? await wait.wait(within: options.statementTimeout, isCancellable: false) { observers.append(wait) }
        }
        tellObservers()
    }

    // MARK: Work

    /// Runs one statement. It is prepared once per connection, so its text should be one of few: put what varies
    /// into parameters, and no transaction commands.
    ///
    /// - Parameter within: waiting for a connection included; `queryTimeout` when nil.
    /// - Throws: `.unavailable` at once while there is no connection.
    @discardableResult
    package func query(
        _ sql: String, _ parameters: [PostgresParameter] = [], within limit: Duration? = nil
    ) async throws(PostgresError) -> PostgresRows {
        guard isReady, !fleet.isClosing else { throw .unavailable(fleet.reason) }
        let query = PostgresQuery(sql, parameters)
        return try await query.wait(within: limit ?? options.queryTimeout) { submit(query) }
    }

    /// Runs `body` in a transaction of its own: committed when it returns, rolled back when it throws or the task is
    /// cancelled.
    ///
    /// `body` must use the transaction it is given, not the pool: that could wait for the connection it holds.
    /// - Throws: what `body` threw, or a `PostgresError`.
    package func transaction<T: Sendable>(
        _ body: @LoopActor (PostgresTransaction) async throws -> T
    ) async throws -> T {
        guard isReady, !fleet.isClosing else { throw PostgresError.unavailable(fleet.reason) }
        let checkout = PostgresCheckout()
        let connection = try await checkout.wait(within: options.queryTimeout) { submit(checkout) }
        let transaction = PostgresTransaction(connection: connection, options: options)
        defer { giveBack(connection) }
        do {
            try await transaction.begin()
            let value = try await body(transaction)
            if Task.isCancelled { throw PostgresError.cancelled }
            try await commit(transaction, on: connection)
            return value
        } catch {
            await rollback(transaction, on: connection)
            throw error
        }
    }

    /// A COMMIT without an answer leaves a connection in an unknown state: it is closed.
    private func commit(_ transaction: PostgresTransaction, on connection: PostgresConnection) async throws {
        do throws(PostgresError) {
            try await transaction.commit()
        } catch {
            if error == .timedOut { fleet.discard(connection, "no answer to COMMIT") }
            throw error
        }
    }

    private func rollback(_ transaction: PostgresTransaction, on connection: PostgresConnection) async {
        if connection.isLost { return }
        do throws(PostgresError) {
            // Outside a transaction this only makes the server warn.
            try await transaction.rollback()
        } catch {
            // Closing the connection rolls back as well.
            fleet.discard(connection, "no answer to ROLLBACK")
        }
    }

    // MARK: Handing out work

    private func submit(_ query: PostgresQuery) {
        if waiting.isEmpty, let connection = pick() {
            connection.add(query)
        } else {
            waiting.append(query)
            growSoon()
        }
    }

    private func submit(_ checkout: PostgresCheckout) {
        checkouts.append(checkout)
        serve()
    }

    /// The queries of a turn stay together.
    private func pick() -> PostgresConnection? { fleet.connections.first(where: \.hasRoom) }

    /// Gives connections that got free to those who wait.
    private func serve() {
        serveCheckouts()
        while let query = waiting.first {
            if !query.isOver {
                guard let connection = pick() else { return }
                connection.add(query)
            }
            waiting.removeFirst()
        }
    }

    /// One connection at least is left to queries, if there may be more than one.
    private func serveCheckouts() {
        while let checkout = checkouts.first {
            if !checkout.isOver {
                let lent = fleet.connections.count { $0.isExclusive }
                if lent >= max(1, options.connections - 1) { return }
                guard let connection = fleet.connections.first(where: \.isFree) else { return fleet.grow() }
                connection.isExclusive = true
                checkout.finish(.success(connection))
                if lent + 1 == fleet.connections.count { fleet.grow() }
            }
            checkouts.removeFirst()
        }
    }

    private func giveBack(_ connection: PostgresConnection) {
        connection.isExclusive = false
        fleet.settled(connection)
    }

    /// A batch mostly takes less than a connection does to be made: only when queries wait on, another is opened.
    private func growSoon() {
        if growthTimer != nil || fleet.connections.count >= options.connections { return }
        growthTimer = LoopActor.loop.after(.milliseconds(20)) { [weak self] in
            guard let self else { return }
            growthTimer = nil
            if waiting.isEmpty { return }
            fleet.grow()
            growSoon()
        }
    }

    private func failWaiting(_ reason: String) {
        let error = PostgresError.unavailable(reason)
        while let query = waiting.first {
            waiting.removeFirst()
            query.finish(.failure(error))
        }
        while let checkout = checkouts.first {
            checkouts.removeFirst()
            checkout.finish(.failure(error))
        }
    }

    private func tellObservers() {
        let told = observers
        observers = []
        for wait in told { wait.finish(.success(())) }
    }
}
