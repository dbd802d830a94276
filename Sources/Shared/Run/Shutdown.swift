import Native

/// The wish of whoever runs this process that it ends: the first SIGTERM or SIGINT. A second one ends it at once.
@LoopActor package final class Shutdown {
    private let asked = OneShot<Int32>()
    private var watchers: [SignalWatcher] = []
    package var isRequested: Bool { asked.result != nil }
    /// Runs when the process is about to end without having finished, to write the last log lines.
    package var atOnce: @LoopActor () -> Void = {}

    init() {
        watchers = [.terminate, .interrupt].map { (signal: Signal) in
            SignalWatcher(signal) { [unowned self] in
                guard isRequested else { return request() }
                atOnce()
                ProcessExit.now(128 + signal.rawValue)
            }
        }
        for watcher in watchers { watcher.start() }
    }

    /// Asks for the end as a signal would.
    ///
    /// - Parameter status: what the process should exit with; the first request's counts.
    package func request(status: Int32 = 0) { asked.resolve(status) }

    /// What the process exits with.
    package var status: Int32 { asked.result ?? 0 }

    /// Returns when the end was asked for.
    ///
    /// - Throws: when the waiting task is cancelled.
    package func wait() async throws(CancellationError) { _ = try await asked.value }
}
