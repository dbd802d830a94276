import Native
import Shared

/// `rejoinder queues`: what the queue holds, once or again and again.
@LoopActor struct QueuesCommand {
    private let options: QueuesOptions
    private let servers: Servers
    private let registry: ProcessRegistry
    private let isTerminal: Bool
    private let output: (String) -> Void

    /// A database that does not answer is no reason to wait long: it tells one number.
    private static let databasePatience: Duration = .seconds(1)

    init(
        _ options: QueuesOptions, _ servers: Servers, isTerminal: Bool = StandardStream.output.isTerminal,
        output: @escaping (String) -> Void = { StandardStream.output.write($0) }
    ) {
        self.options = options
        self.servers = servers
        self.isTerminal = isTerminal
        self.output = output
        registry = ProcessRegistry(redis: servers.redis.client, id: "cli")
    }

    func run(until shutdown: Shutdown) async throws(OperateFailure) {
        servers.postgres.start()
        try await servers.openQueue()
        guard let interval = options.interval else {
            do throws(QueueError) { show(try await look()) } catch { throw OperateFailure(error.told) }
            return
        }
        if isOnScreen { output(Screen.clear) }
        while !shutdown.isRequested {
            // What comes back by itself ends no watch.
            do throws(QueueError) { show(try await look()) } catch { show(error) }
            try? await withDeadline(.seconds(interval)) { try await shutdown.wait() }
        }
    }

    private var isOnScreen: Bool { isTerminal && !options.isJSON && options.interval != nil }

    private func look() async throws(QueueError) -> QueuesView {
        let queue = try await servers.queue.inspect(), paused = try await servers.queue.paused()
        let reports: [ProcessRegistry.Report]
        do throws(RedisError) { reports = try await registry.reports() } catch { throw .unavailable(error.reason) }
        return QueuesView(time: .now(), queue: queue, reports: reports, paused: paused, dead: await dead())
    }

    /// nil when the database cannot tell now.
    private func dead() async -> Int? {
        let store = DeadJobStore(pool: servers.postgres)
        do {
            try await servers.postgres.waitUntilReady(within: Self.databasePatience)
            return try await store.count()
        } catch {
            return nil
        }
    }

    private func show(_ view: QueuesView) {
        if options.isJSON { return output(view.json + "\n") }
        guard options.interval != nil else { return output(view.text) }
        let time = Timestamp.text(view.time)
        output(isOnScreen ? Screen.frame("\(view.text)\n\(time)  Ctrl-C ends.\n") : "\(time)\n\(view.text)\n")
    }

    private func show(_ error: QueueError) {
        if isOnScreen {
            output(Screen.frame("\(error.told)\n"))
        } else {
            StandardStream.error.write("rejoinder: \(error.told)\n")
        }
    }

    /// What redraws a terminal in place.
    private enum Screen {
        static let clear = "\u{1B}[2J"

        /// From the first line on, and nothing left of what was longer before.
        static func frame(_ text: String) -> String {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return "\u{1B}[H" + lines.joined(separator: "\u{1B}[K\n") + "\u{1B}[J"
        }
    }
}
