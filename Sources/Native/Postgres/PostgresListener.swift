/// Hears what `NOTIFY` says on some channels, over a connection of its own that is made again whenever it is lost.
///
/// Notifications sent while there was no connection are lost. So `onConnected` is the place to throw away whatever
/// the notifications keep up to date.
@LoopActor package final class PostgresListener {
    private let connector: Result<PostgresConnector, PostgresError>
    private let options: PostgresOptions
    private let channels: [String]
    private let onNotification: (_ channel: String, _ payload: String) -> Void
    private let onConnected: () -> Void
    private var task: Task<Void, Never>?

    /// Listens on all channels at present.
    package private(set) var isConnected = false

    /// - Parameters:
    ///   - url: any libpq URL or connection string. With a faulty one nothing is ever heard.
    ///   - channels: names as in `NOTIFY`; any text.
    ///   - onNotification: in the order they were committed.
    ///   - onConnected: after each (re)connect, when it is sure that all later notifications will be heard.
    package init(
        url: String, options: PostgresOptions = PostgresOptions(), channels: [String],
        onNotification: @escaping @LoopActor (_ channel: String, _ payload: String) -> Void,
        onConnected: @escaping @LoopActor () -> Void = {}
    ) {
        self.options = options
        self.channels = channels
        self.onNotification = onNotification
        self.onConnected = onConnected
        do throws(PostgresAddress.Fault) {
            connector = .success(PostgresConnector(address: try PostgresAddress(url), options: options))
        } catch {
            connector = .failure(.unavailable("the connection URL is not valid: \(error)"))
        }
    }

    /// Connects, and stays connected until `stop`.
    package func start() {
        guard task == nil, case .success(let connector) = connector else { return }
        task = LoopActor.loop.spawn { [self] in await run(connector) }
    }

    /// Closes the connection. Nothing is heard after it has returned.
    package func stop() async {
        task?.cancel()
        await task?.value
        task = nil
    }

    private func run(_ connector: PostgresConnector) async {
        var failures = 0
        while !Task.isCancelled {
            do throws(PostgresError) {
                let link = try await connector.connect()
                defer { link.close() }
                try await listen(on: link, connector)
                failures = 0
                isConnected = true
                defer { isConnected = false }
                onConnected()
                try await hear(link, connector)
            } catch {
                failures += 1
            }
            // Cancelled: the loop's condition ends it.
            try? await LoopActor.loop.sleep(for: options.delay(afterFailures: failures))
        }
    }

    private func listen(on link: PostgresLink, _ connector: PostgresConnector) async throws(PostgresError) {
        let script = channels.map {
            "LISTEN \"\($0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\";"
        }
        try await connector.run(script.joined(), on: link, deadline: .now() + options.connectTimeout)
    }

    /// Returns never: throws when the connection is lost or does not answer, or the task is cancelled.
    private func hear(_ link: PostgresLink, _ connector: PostgresConnector) async throws(PostgresError) {
        while true {
            while let (channel, payload) = link.nextNotification() { onNotification(channel, payload) }
            let deadline = MonotonicInstant.now() + options.heartbeat
            switch await PostgresSocketWait.until(link.descriptor, .readable, deadline: deadline) {
            case .ready:
                // Takes notifications in as well, which libpq only parses when it looks for an answer.
                guard link.consumeInput(), link.isAlive, !link.isBusy else { throw .unavailable(link.errorMessage) }
            case .timedOut: try await connector.run("SELECT 1", on: link, deadline: .now() + options.connectTimeout)
            case .cancelled: throw .cancelled
            }
        }
    }
}
