import Native
import Shared

/// `rejoinder bench-enqueue`: puts jobs that do nothing on the queue, to measure what the queue itself costs.
@LoopActor struct BenchEnqueueCommand {
    let options: BenchOptions

    nonisolated init(_ options: BenchOptions) { self.options = options }

    /// Jobs handed to Redis at the same time.
    private static let atOnce = 256

    /// Businesses the conversations belong to: the jobs of one alone may not fill the queue.
    private static let businesses = 100

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        let configuration = Configuration.load(role: .tool, environment: environment)
        let log = Log(level: .warning, isText: true)
        do {
            let redis = try QueueConnection(
                configuration, name: "rejoinder-bench", commandTimeout: .seconds(10), log: log, metrics: Metrics())
            try await redis.open(log)
            let start = MonotonicInstant.now()
            let accepted = await enqueue(redis.queue)
            let seconds = (MonotonicInstant.now() - start).seconds
            StandardStream.output.write(
                "enqueued \(accepted) of \(options.count) jobs in \((seconds * 100).rounded() / 100) s\n")
            redis.client.close()
            return accepted == options.count ? 0 : 1
        } catch {
            StandardStream.error.write("rejoinder: \(error)\n")
            return 1
        }
    }

    private func enqueue(_ queue: RedisQueue) async -> Int {
        let run = RunID.make("bench")
        let tasks = (0..<min(Self.atOnce, options.count)).map { first in
            LoopActor.loop.spawn { await self.enqueue(from: first, queue, run) }
        }
        var accepted = 0
        for task in tasks { accepted += await task.value }
        return accepted
    }

    /// Each `atOnce`th job from one on. Returns how many were accepted.
    private func enqueue(from first: Int, _ queue: RedisQueue, _ run: String) async -> Int {
        var accepted = 0
        for number in stride(from: first, to: options.count, by: Self.atOnce) {
            let conversation = number % options.conversations
            let job = Job(
                id: JobID("\(run)-\(number)"), name: "noop", lane: .default,
                tenant: TenantID("bench-\(conversation % Self.businesses)"),
                conversation: ConversationID("c\(conversation)"), payload: Array("{}".utf8))
            if case .accepted? = try? await queue.enqueue(job) { accepted += 1 }
        }
        return accepted
    }
}
