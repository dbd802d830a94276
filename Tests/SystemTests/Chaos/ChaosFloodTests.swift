import Foundation
import Native
import Shared
import TestSupport
import Testing

extension Chaos {
    @Suite @LoopActor struct Flood {
        static let flood = TenantID("flood"), other = TenantID("other")

        @Test func `a flood of one business delays another one's urgent job by no more than a turn`() async throws {
            let size = ChaosForm.pick(long: 1_000_000, short: 20_000), urgent = ChaosForm.pick(long: 100, short: 30)
            var options = Installation.Options.chaos(workers: 0, aiLatencyMS: 0)
            options.environment["LOG_LEVEL"] = "debug"
            try await Installation.with(options) { system in
                let start = MonotonicInstant.now()
                let client = try await system.redis.client()
                defer { client.close() }
                // A million jobs in its log would have Redis rewrite that in the middle of it.
                _ = try await client.send(RedisCommand("CONFIG", "SET", "appendonly", "no"))
                var bounds = RedisQueue.Options()
                bounds.laneLength = 10_000_000
                bounds.tenantLength = 10_000_000
                let queue = RedisQueue(client: client, options: bounds)
                try await fill(queue, size)
                let order = StartOrder()
                let worker = try system.addWorker()
                worker.onLine = { order.heard($0) }
                try await poll(within: .seconds(60), "the flood to be worked on") {
                    order.broadcasts.count > 500 ? true : nil
                }
                for number in 0..<urgent {
                    try await enqueue(number, queue, order)
                    try await poll(within: .seconds(60), "urgent job \(number) to be finished") {
                        order.finished.contains(number) ? true : nil
                    }
                }
                let left = try await queue.depths().jobs[.broadcasts] ?? 0
                #expect(left > 0, "the flood was over before the measuring")
                let delays = (0..<urgent).map { order.delay(of: $0) ?? .max }
                // One claim on each shard, beside the two that are under way.
                let turn = (queue.sharding.count + 2) * ClaimPlan.largest
                #expect(delays.allSatisfy { $0 <= turn }, "\(delays)")
                let verdict = Verdict(
                    accepted: (0..<urgent).map { .init(contact: "other", id: "\($0)") },
                    seen: order.finished.map { .init(contact: "other", answers: "\($0)") }, dead: [])
                #expect(verdict.isClean(), "\(verdict.faults.prefix(20))")
                let took = Int((MonotonicInstant.now() - start).milliseconds / 1000)
                ChaosRun.say(
                    """
                    chaos: flood of \(size) broadcasts — \(verdict) (\(took) s, \(left) broadcasts still waiting, begun \
                    before an urgent job: most \(delays.max() ?? 0), mean \(delays.reduce(0, +) / urgent), a turn is \
                    \(turn))
                    """)
            }
        }

        private func fill(_ queue: RedisQueue, _ size: Int) async throws {
            for start in stride(from: 0, to: size, by: 500) {
                let results = try await atOnce(min(500, size - start)) { index in
                    try await queue.enqueue(Self.job("flood-\(start + index)", .broadcasts, Self.flood))
                }
                #expect(results.allSatisfy { $0 == .accepted })
            }
        }

        /// Enqueues an urgent job, and has Redis tell the time just before.
        private func enqueue(_ number: Int, _ queue: RedisQueue, _ order: StartOrder) async throws {
            // Commands of one turn are written together, in this order.
            let asking = LoopActor.loop.spawn { try await queue.client.send(RedisCommand("TIME")) }
            let adding = LoopActor.loop.spawn {
                try await queue.enqueue(Self.job("urgent-\(number)", .high, Self.other))
            }
            let time = try await asking.value.items?.map { $0.text.flatMap { Int64($0) } ?? 0 } ?? []
            try #require(time.count == 2)
            order.enqueued(number, at: WallTime(milliseconds: time[0] * 1000 + time[1] / 1000))
            let result = try await adding.value
            #expect(result == .accepted)
        }

        private static func job(_ id: String, _ lane: Lane, _ tenant: TenantID) -> Job {
            Job(id: JobID(id), name: "noop", lane: lane, tenant: tenant, conversation: nil, payload: Array("{}".utf8))
        }
    }

    /// When a worker starts jobs and in which order, by its log.
    @LoopActor private final class StartOrder {
        /// When each broadcast was started, in order.
        private(set) var broadcasts: [Instant] = []
        /// When each urgent job was enqueued.
        private var enqueued: [Int: Instant] = [:]
        /// How many broadcasts were started before an urgent job was.
        private var before: [Int: Int] = [:]
        /// Urgent jobs in the order in which they were finished, each as often as it was.
        private(set) var finished: [Int] = []

        /// A wall-clock time in digits, `20261121105130508`: all of them compare as numbers.
        typealias Instant = Int

        func enqueued(_ number: Int, at time: WallTime) { enqueued[number] = Self.instant(Timestamp.text(time)) }

        /// How many broadcasts were started between an urgent job's enqueueing, to the millisecond, and its own start.
        func delay(of number: Int) -> Int? {
            guard let enqueued = enqueued[number], let before = before[number] else { return nil }
            return broadcasts[..<before].reversed().prefix { $0 > enqueued }.count
        }

        func heard(_ line: String) {
            let isStart = line.contains(#""job_started""#)
            if isStart, line.contains(#""job_id":"flood-"#) { broadcasts.append(Self.instant(line)) }
            guard let place = line.range(of: #""job_id":"urgent-"#),
                let number = Int(line[place.upperBound...].prefix { $0.isNumber })
            else { return }
            if isStart { before[number] = broadcasts.count }
            if line.contains(#""job_finished""#) { finished.append(number) }
        }

        /// - Parameter text: begins with a timestamp, after at most the words that open a log line.
        private static func instant(_ text: String) -> Instant {
            let digits = text.utf8.prefix(32).filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self)) ?? 0
        }
    }
}
