/// The connections of one process to one database.
///
/// A single connection, pipelined, serves most loads; more are opened when it is held up, and by transactions. While
/// no connection is there, queries fail at once and the pool tries to reconnect.
///
/// Queries that start in the same loop turn are answered together, so a slow one delays its neighbours: give it a
/// transaction, which has a connection of its own.
@LoopActor package final class PostgresPool {
    package typealias Options = PostgresOptions

    let options: PostgresOptions
    /// Told with every change of `isReady`, and why.
    package var onStateChange: (_ isReady: Bool, _ reason: String) -> Void = { _, _ in }

    private let connector: Result<PostgresConnector, PostgresError>
    private var connections: [PostgresConnection] = []
    /// The attempt to connect that is under way, at most one.
    private var opening: Task<Void, Never>?
    private var failures = 0
    private var retryTimer: TimerID?
    private var idleTimer: TimerID?
    private var growthTimer: TimerID?
    private var isStarted = false
    private var isClosing = false
    private var reason = "not started"

    /// Queries no connection can take now, oldest first.
    private var waiting = PostgresQueue<PostgresQuery>()
    private var checkouts = PostgresQueue<PostgresCheckout>()
    /// Told when a connection has come, or has gone while closing.
    private var observers: [PostgresWait<Void>] = []

    /// - Parameter url: any libpq URL or connection string; check it with `PostgresAddress.problem(in:)`. With a
    ///   faulty one the pool never gets ready, and says why.
    package init(url: String, options: Options = Options()) {
        self.options = options
        do throws(PostgresAddress.Fault) {
            connector = .success(PostgresConnector(address: try PostgresAddress(url), options: options))
        } catch {
            connector = .failure(.unavailable("the connection URL is not valid: \(error)"))
        }
    }

    // MARK: State

    /// Starts to connect, and to keep connected until `close`.
    package func start() {
        guard !isStarted, !isClosing else { return }
        isStarted = true
        reason = "connecting"
        open()
    }

    /// At least one connection is open. It need not be free.
    package var isReady: Bool { !connections.isEmpty }

    /// Open connections, for the metrics.
    package var connectionCount: Int { connections.count }

    /// - Throws: `.unavailable` with the reason of the last failure, `.cancelled`.
    package func waitUntilReady(within limit: Duration) async throws(PostgresError) {
        if isReady { return }
        if case .failure(let error) = connector { throw error }
        let wait = PostgresWait<Void>()
        do throws(PostgresError) {
            try await wait.wait(within: limit) { observers.append(wait) }
        } catch {
            throw error == .timedOut ? .unavailable(reason) : error
        }
        if !isReady { throw .unavailable(reason) }
    }

    /// Takes no more work, lets what is under way finish within its deadlines, and closes all connections.
    package func close() async {
        isClosing = true
        reason = "the pool was closed"
        opening?.cancel()
        if let retryTimer { LoopActor.loop.cancel(retryTimer) }
        if let idleTimer { LoopActor.loop.cancel(idleTimer) }
        failWaiting()
        for connection in connections where connection.isFree { remove(connection) }
        while !connections.isEmpty {
            let wait = PostgresWait<Void>()
            // Never late: what is under way has deadlines.
            try? await wait.wait(within: options.statementTimeout, isCancellable: false) { observers.append(wait) }
        }
        await opening?.value
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
        guard isReady, !isClosing else { throw .unavailable(reason) }
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
        guard isReady, !isClosing else { throw PostgresError.unavailable(reason) }
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
            if error == .timedOut { discard(connection, "no answer to COMMIT") }
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
            discard(connection, "no answer to ROLLBACK")
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
    private func pick() -> PostgresConnection? { connections.first(where: \.hasRoom) }

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
                let lent = connections.count { $0.isExclusive }
                if lent >= max(1, options.connections - 1) { return }
                guard let connection = connections.first(where: \.isFree) else { return grow() }
                connection.isExclusive = true
                checkout.finish(.success(connection))
                if lent + 1 == connections.count { grow() }
            }
            checkouts.removeFirst()
        }
    }

    private func giveBack(_ connection: PostgresConnection) {
        connection.isExclusive = false
        settled(connection)
    }

    // MARK: Connections coming and going

    /// A batch mostly takes less than a connection does to be made: only when queries wait on, another is opened.
    private func growSoon() {
        if growthTimer != nil || connections.count >= options.connections { return }
        growthTimer = LoopActor.loop.after(.milliseconds(20)) { [weak self] in
            guard let self else { return }
            growthTimer = nil
            if waiting.isEmpty { return }
            grow()
            growSoon()
        }
    }

    private func grow() {
        if connections.count < options.connections, retryTimer == nil { open() }
    }

    private func open() {
        guard isStarted, !isClosing, opening == nil else { return }
        switch connector {
        case .failure(let error): reason = error.description
        case .success(let connector):
            opening = LoopActor.loop.spawn { [self] in
                do throws(PostgresError) {
                    let link = try await connector.connect()
                    opening = nil
                    opened(link)
                } catch {
                    opening = nil
                    openingFailed(error)
                }
            }
        }
    }

    private func opened(_ link: PostgresLink) {
        if isClosing { return link.close() }
        let connection = PostgresConnection(link: link, options: options)
        connection.events.onSettled = { [weak self] in self?.settled($0) }
        connection.events.onLost = { [weak self] in self?.lost($0, $1) }
        connection.events.onCancel = { [weak self] in self?.cancel($0) }
        failures = 0
        connections.append(connection)
        if connections.count == 1 {
            onStateChange(true, "connected")
            tellObservers()
        }
        serve()
    }

    private func openingFailed(_ error: PostgresError) {
        failures += 1
        if isClosing { return }
        if connections.isEmpty {
            reason = if case .unavailable(let words) = error { words } else { error.description }
            failWaiting()
        }
        retryLater()
        serve()
    }

    private func retryLater() {
        guard !isClosing, retryTimer == nil else { return }
        retryTimer = LoopActor.loop.after(options.delay(afterFailures: failures)) { [weak self] in
            guard let self else { return }
            retryTimer = nil
            if connections.isEmpty { open() } else { serve() }
        }
    }

    private func lost(_ connection: PostgresConnection, _ reason: String) {
        connections.removeAll { $0 === connection }
        if connections.isEmpty {
            if !isClosing { self.reason = reason }
            failWaiting()
            onStateChange(false, reason)
            if opening == nil { retryLater() }
        }
        if isClosing { tellObservers() }
        serve()
    }

    private func remove(_ connection: PostgresConnection) {
        connections.removeAll { $0 === connection }
        connection.close()
        if connections.isEmpty { onStateChange(false, reason) }
    }

    private func discard(_ connection: PostgresConnection, _ reason: String) {
        if connection.isLost { return }
        connection.close(reason)
        lost(connection, reason)
    }

    private func settled(_ connection: PostgresConnection) {
        if isClosing, connection.isFree {
            remove(connection)
            return tellObservers()
        }
        serve()
        if connections.count > 1, connection.isFree { armIdleTimer() }
    }

    /// Closes connections past the first that did nothing from one look to the next.
    private func armIdleTimer() {
        if idleTimer != nil { return }
        let before = connections.map { ($0, $0.settledBatches) }
        idleTimer = LoopActor.loop.after(options.idleTimeout) { [weak self] in
            guard let self else { return }
            idleTimer = nil
            for (connection, batches) in before
            where connections.count > 1 && connection.isFree && connection.settledBatches == batches {
                remove(connection)
            }
            if connections.count > 1 { armIdleTimer() }
        }
    }

    private func failWaiting() {
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

    // MARK: Cancelling

    /// Tells the server to stop what `target` works on. libpq's own way to do that blocks, so another connection
    /// does it: one of the pool's, or one made for it when none of those answers.
    private func cancel(_ target: PostgresConnection) {
        let helper = connections.first { $0 !== target && $0.hasRoom }
        let query = PostgresQuery("SELECT pg_cancel_backend($1)", [.int(target.processID)])
        LoopActor.loop.spawn { [self] in
            do throws(PostgresError) {
                if let helper, !helper.isLost {
                    _ = try await query.wait(within: options.cancelTimeout) { helper.add(query) }
                } else {
                    let link = try await connector.get().connect()
                    let connection = PostgresConnection(link: link, options: options)
                    defer { connection.close() }
                    _ = try await query.wait(within: options.cancelTimeout) { connection.add(query) }
                }
            } catch {
                // The target's own time limit closes it then.
            }
            target.cancelFinished()
        }
    }
}
