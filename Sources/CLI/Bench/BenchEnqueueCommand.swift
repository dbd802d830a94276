import Native
import Shared

/// `rejoinder bench-enqueue`: puts jobs that do nothing on the queue, to measure what the queue itself costs.
@LoopActor struct BenchEnqueueCommand {
    let options: BenchEnqueueOptions

    nonisolated init(_ options: BenchEnqueueOptions) { self.options = options }

    /// Jobs handed to Redis at the same time.
    private static let atOnce = 256
    /// How far what waits may fall below what was asked for, before it is filled up.
    private static let refill = 64
    private static let pause: Duration = .milliseconds(2)

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        let configuration = Configuration.load(role: .tool, environment: environment)
        let log = Log(level: .warning, isText: true)
        do {
            let redis = try QueueConnection(
                configuration, name: "rejoinder-bench", commandTimeout: .seconds(10), log: log, metrics: Metrics())
            try await redis.open(log)
            let start = MonotonicInstant.now()
            let accepted = try await enqueue(redis.queue)
            print(accepted: accepted, within: MonotonicInstant.now() - start)
            redis.client.close()
            return accepted == options.count ? 0 : 1
        } catch {
            StandardStream.error.write("rejoinder: \(error)\n")
            return 1
        }
    }

    private func print(accepted: Int, within time: Duration) {
        var json = JSONWriter()
        json.beginObject()
        json.field("enqueued", accepted)
        json.field("refused", options.count - accepted)
        json.field("seconds", time.seconds)
        json.endObject()
        StandardStream.output.write(json.text + "\n")
    }

    /// Returns how many were accepted.
    private func enqueue(_ queue: RedisQueue) async throws -> Int {
        let run = RunID.make("bench")
        return switch options.pace {
        case .fastest: await enqueueAll(queue, run)
        case .perSecond(let rate): await enqueue(queue, run, perSecond: rate)
        case .waiting(let bound): try await enqueue(queue, run, keeping: bound)
        }
    }

    private func enqueueAll(_ queue: RedisQueue, _ run: String) async -> Int {
        let lines = (0..<min(Self.atOnce, options.count)).map { first in
            LoopActor.loop.spawn { await self.enqueueLine(from: first, queue, run) }
        }
        return await Self.sum(lines)
    }

    /// Each `atOnce`th job from one on, one after the other.
    private func enqueueLine(from first: Int, _ queue: RedisQueue, _ run: String) async -> Int {
        var accepted = 0
        for number in stride(from: first, to: options.count, by: Self.atOnce) {
            accepted += await enqueue(number, queue, run)
        }
        return accepted
    }

    /// Gaps are anything from none to twice the mean.
    private func enqueue(_ queue: RedisQueue, _ run: String, perSecond rate: Int) async -> Int {
        var sent: [Task<Int, Never>] = []
        var due = MonotonicInstant.now()
        for number in 0..<options.count {
            due = due + .nanoseconds(Int64.random(in: 0...2_000_000_000 / Int64(rate)))
            let wait = due - .now()
            // Never cancelled.
            if wait > .zero { try? await LoopActor.loop.sleep(for: wait) }
            sent.append(LoopActor.loop.spawn { await self.enqueue(number, queue, run) })
        }
        return await Self.sum(sent)
    }

    private static func sum(_ sent: [Task<Int, Never>]) async -> Int {
        var accepted = 0
        for one in sent { accepted += await one.value }
        return accepted
    }

    /// Asking what waits is answered after the jobs that were sent before, which are therefore counted.
    private func enqueue(_ queue: RedisQueue, _ run: String, keeping bound: Int) async throws -> Int {
        var sent: [Task<Int, Never>] = []
        while sent.count < options.count {
            let missing = bound - (try await waiting(queue))
            guard missing >= Self.refill else {
                try await LoopActor.loop.sleep(for: Self.pause)
                continue
            }
            for number in sent.count..<min(options.count, sent.count + min(missing, Self.atOnce)) {
                sent.append(LoopActor.loop.spawn { await self.enqueue(number, queue, run) })
            }
        }
        return await Self.sum(sent)
    }

    /// Jobs of the lane that wait or are under way. Costs Redis one short command a shard.
    private func waiting(_ queue: RedisQueue) async throws -> Int {
        let asked = (0..<queue.sharding.count).map { shard in
            LoopActor.loop.spawn {
                try await queue.client.send(
                    RedisCommand("HGET", queue.keys(of: shard).lengths, self.options.lane.rawValue))
            }
        }
        var sum = 0
        for one in asked { sum += try await one.value.int ?? 0 }
        return sum
    }

    /// 1 if it was accepted, else 0.
    private func enqueue(_ number: Int, _ queue: RedisQueue, _ run: String) async -> Int {
        let job = BenchMessage.job(options, run: run, number: options.first + number, sentAt: .now())
        if case .accepted? = try? await queue.enqueue(job) { return 1 }
        return 0
    }
}
