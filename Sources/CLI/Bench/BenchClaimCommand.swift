import Native
import Shared

/// `rejoinder bench-claim`: claims jobs as a worker does, acks each at once, and tells how long they took from
/// `bench-enqueue --rate` on this machine to here.
@LoopActor final class BenchClaimCommand {
    private let options: BenchClaimOptions
    private let done = OneShot<Void>()
    private var claimer: Claimer!
    private var latencies = Latencies()
    private var faults: [String: Int] = [:]
    private var ended = 0

    init(_ options: BenchClaimOptions) { self.options = options }

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        let configuration = Configuration.load(role: .tool, environment: environment)
        let log = Log(level: .warning, isText: true)
        do {
            let redis = try QueueConnection(
                configuration, name: "rejoinder-bench", commandTimeout: .seconds(5), log: log, metrics: Metrics())
            try await redis.open(log)
            claimer = Claimer(
                queue: redis.queue, address: redis.address, worker: WorkerID(RunID.make("bench")),
                budget: LaneBudget(
                    lanes: configuration.worker.lanes, capacity: configuration.worker.concurrency),
                onLease: { [unowned self] in claimed($0, redis.queue) },
                onError: { [unowned self] in fault("\($0)") })
            claimer.start()
            // What is missing then shows in what is printed.
            try? await withDeadline(.seconds(options.timeoutSeconds)) { [done] in try await done.value }
            await claimer.stop()
            redis.client.close()
            StandardStream.output.write(report + "\n")
            for (fault, count) in faults { StandardStream.error.write("rejoinder: \(count) times: \(fault)\n") }
            return latencies.count == options.count && faults.isEmpty ? 0 : 1
        } catch {
            StandardStream.error.write("rejoinder: \(error)\n")
            return 1
        }
    }

    private func claimed(_ lease: Lease, _ queue: RedisQueue) {
        let now = MonotonicInstant.now()
        if let sentAt = BenchMessage.sentAt(lease.job) {
            latencies.add(now - sentAt)
        } else {
            fault("a job says no time: \(lease.job.id)")
        }
        LoopActor.loop.spawn { [self] in
            do throws(QueueError) { try await queue.ack(lease) } catch { fault("\(error)") }
            claimer.finished(lease)
            ended += 1
            if ended == options.count { done.resolve(()) }
        }
    }

    private func fault(_ text: String) { faults[text, default: 0] += 1 }

    private var report: String {
        var json = JSONWriter()
        json.beginObject()
        json.field("claimed", latencies.count)
        for (name, share) in [("p50_ms", 0.5), ("p99_ms", 0.99), ("max_ms", 1)] {
            guard let value = latencies.quantile(share) else { continue }
            json.key(named: name)
            json.value(value.seconds * 1000)
        }
        json.endObject()
        return json.text
    }
}
