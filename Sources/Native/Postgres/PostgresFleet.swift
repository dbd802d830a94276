/// The connections of a pool: how many there are, and how they come and go.
@LoopActor final class PostgresFleet {
    struct Events {
        /// A connection has come, or one may be free.
        var onFree: () -> Void = {}
        /// There is no connection, and an attempt to make one may have failed again.
        var onDown: (_ reason: String) -> Void = { _ in }
        /// The first connection has come (true), the last one has gone (false).
        var onStateChange: (_ isReady: Bool, _ reason: String) -> Void = { _, _ in }
        /// A connection has gone while closing.
        var onGone: () -> Void = {}
    }

    var events = Events()
    private(set) var connections: [PostgresConnection] = []
    /// Why there is no connection.
    private(set) var reason = "not started"

    private let options: PostgresOptions
    private let connector: Result<PostgresConnector, PostgresError>
    /// The attempt to connect that is under way, at most one.
    private var opening: Task<Void, Never>?
    private var failures = 0
    private var retryTimer: TimerID?
    private var idleTimer: TimerID?
    private var isStarted = false
    private(set) var isClosing = false

    init(url: String, options: PostgresOptions) {
        self.options = options
        do throws(PostgresAddress.Fault) {
            connector = .success(PostgresConnector(address: try PostgresAddress(url), options: options))
        } catch {
            connector = .failure(.unavailable("the connection URL is not valid: \(error)"))
        }
    }

    func start() {
        guard !isStarted, !isClosing else { return }
        isStarted = true
        reason = "connecting"
        open()
    }

    /// Nil if the URL can be used at all.
    var fault: PostgresError? { if case .failure(let error) = connector { error } else { nil } }

    /// Makes another connection, if there may be more and the last attempt did not just fail.
    func grow() {
        if connections.count < options.connections, retryTimer == nil { open() }
    }

    /// Makes no more connections. Those that are free are closed now, the others when they get free.
    func close() async {
        isClosing = true
        reason = "the pool was closed"
        if let retryTimer { LoopActor.loop.cancel(retryTimer) }
        if let idleTimer { LoopActor.loop.cancel(idleTimer) }
        for connection in connections where connection.isFree { remove(connection) }
        opening?.cancel()
        await opening?.value
    }

    // MARK: Coming and going

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
        if connections.count == 1 { events.onStateChange(true, "connected") }
        events.onFree()
    }

    private func openingFailed(_ error: PostgresError) {
        failures += 1
        if isClosing { return }
        if connections.isEmpty {
            reason = if case .unavailable(let words) = error { words } else { error.description }
            events.onDown(reason)
        }
        retryLater()
        events.onFree()
    }

    private func retryLater() {
        guard !isClosing, retryTimer == nil else { return }
        retryTimer = LoopActor.loop.after(options.delay(afterFailures: failures)) { [weak self] in
            guard let self else { return }
            retryTimer = nil
            if connections.isEmpty { open() } else { events.onFree() }
        }
    }

    private func lost(_ connection: PostgresConnection, _ reason: String) {
        connections.removeAll { $0 === connection }
        if connections.isEmpty {
            if !isClosing { self.reason = reason }
            events.onDown(self.reason)
            events.onStateChange(false, reason)
            if opening == nil { retryLater() }
        }
        if isClosing { events.onGone() }
        events.onFree()
    }

    private func remove(_ connection: PostgresConnection) {
        connections.removeAll { $0 === connection }
        connection.close()
        if connections.isEmpty { events.onStateChange(false, reason) }
    }

    /// Closes a connection whose state is not known.
    func discard(_ connection: PostgresConnection, _ reason: String) {
        if connection.isLost { return }
        connection.close(reason)
        lost(connection, reason)
    }

    /// The connection may have got free.
    func settled(_ connection: PostgresConnection) {
        if isClosing, connection.isFree {
            remove(connection)
            return events.onGone()
        }
        events.onFree()
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
