import Native
import Shared
import TestSupport
import Testing

@Suite("Dead jobs and processing errors", .onLoop)
@LoopActor struct DeadJobStoreTests {
    @Test func `a dead job comes back as it was stored, and only once`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            let job = dead("j1")
            for _ in 0..<3 { try await store.upsert(job) }
            let found = try await store.get("j1")
            #expect(found == job)
            let list = try await store.list()
            #expect(list == [job])
            let unknown = try await store.get("j2")
            #expect(unknown == nil)
        }
    }

    @Test func `of two operators one replays`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            let job = dead("j1")
            try await store.upsert(job)
            let outcomes = await outcomesAtOnce(2) { _ in
                try await store.markReplayed(job, at: WallTime(milliseconds: 2_000_000_000_000))
            }
            let won = try outcomes.count { try $0.get() }
            #expect(won == 1)
            let list = try await store.list()
            #expect(list.isEmpty)
        }
    }

    @Test func `a job that dies again after its replay waits again, and a late repeat changes nothing`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            let first = dead("j1", diedAt: 1_000)
            try await store.upsert(first)
            _ = try await store.markReplayed(first, at: WallTime(milliseconds: 2_000))
            try await store.upsert(first)
            let between = try await store.list()
            #expect(between.isEmpty)
            try await store.upsert(dead("j1", diedAt: 3_000))
            let after = try await store.list()
            #expect(after.map(\.diedAt.milliseconds) == [3_000])
        }
    }

    @Test func `a job that died again by a clock that is behind waits again, as another death`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool), first = dead("j1", diedAt: 5_000)
            try await store.upsert(first)
            let isMarked = try await store.markReplayed(first, at: WallTime(milliseconds: 9_000))
            try await store.upsert(dead("j1", diedAt: 4_000))
            let list = try await store.list()
            #expect(isMarked && list.map(\.diedAt.milliseconds) == [5_001])
        }
    }

    @Test func `a job that died again meanwhile is neither marked nor discarded by who saw the first death`()
        async throws
    {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            let first = dead("j1", diedAt: 1_000)
            try await store.upsert(first)
            try await store.upsert(dead("j1", diedAt: 3_000))
            let isMarked = try await store.markReplayed(first, at: WallTime(milliseconds: 4_000))
            let isDiscarded = try await store.discard(first)
            #expect(!isMarked && !isDiscarded)
            let list = try await store.list()
            #expect(list.map(\.diedAt.milliseconds) == [3_000])
        }
    }

    @Test func `a job that ends well after all leaves no row, but for that of an earlier replay`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            try await store.upsert(dead("j1"))
            try await store.upsert(dead("j2"))
            _ = try await store.markReplayed(dead("j2"), at: WallTime(milliseconds: 2_000_000_000_000))
            let taken = [
                try await store.takeBack("j1"), try await store.takeBack("j1"), try await store.takeBack("j2"),
            ]
            #expect(taken == [true, false, false])
            let first = try await store.get("j1"), second = try await store.get("j2")
            #expect(first == nil && second != nil)
        }
    }

    @Test func `a filter selects by each of its parts, and what was replayed only when asked`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            var jobs = (1...5).map { dead("j\($0)", diedAt: Int64($0) * 1000) }
            jobs[1].queue = "low"
            jobs[2].business = "other"
            jobs[3].name = "write_rows"
            jobs[4].reason = "100% of AI_ATTEMPTS failed"
            for job in jobs { try await store.upsert(job) }
            _ = try await store.markReplayed(jobs[0], at: WallTime(milliseconds: 9_000))
            func ids(_ change: (inout DeadJobFilter) -> Void) async throws -> [String] {
                var filter = DeadJobFilter()
                change(&filter)
                let found = try await store.list(filter), count = try await store.count(filter)
                #expect(found.count == count)
                return found.map(\.id)
            }
            #expect(try await ids { _ in } == ["j5", "j4", "j3", "j2"])
            #expect(try await ids { $0.includesReplayed = true }.count == 5)
            #expect(try await ids { $0.queue = "low" } == ["j2"])
            #expect(try await ids { $0.business = "other" } == ["j3"])
            #expect(try await ids { $0.name = "write_rows" } == ["j4"])
            #expect(try await ids { $0.reason = "100% of ai_" } == ["j5"])
            #expect(try await ids { $0.reason = "100_" } == [])
            #expect(
                try await ids {
                    $0.since = WallTime(milliseconds: 3_000)
                    $0.until = WallTime(milliseconds: 5_000)
                } == ["j4", "j3"])
        }
    }

    @Test func `the list is by queue, latest first, page by page`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            for number in 1...5 { try await store.upsert(dead("j\(number)", diedAt: Int64(number / 2) * 1000)) }
            try await store.upsert(dead("other", queue: "low"))
            var filter = DeadJobFilter()
            filter.queue = "default"
            let first = try await store.list(filter, limit: 3)
            let second = try await store.list(filter, before: first.last, limit: 3)
            #expect((first + second).map(\.id) == ["j5", "j4", "j3", "j2", "j1"])
            let isDiscarded = try await store.discard(dead("other", queue: "low"))
            #expect(isDiscarded)
            filter.queue = "low"
            let low = try await store.list(filter)
            #expect(low.isEmpty)
        }
    }

    @Test func `a payload that is not JSON is kept all the same`() async throws {
        try await withSchema { pool in
            let store = DeadJobStore(pool: pool)
            var job = dead("j1")
            job.payload = "{broken\0"
            try await store.upsert(job)
            let found = try await store.get("j1")
            #expect(found?.payload == "\"{broken\u{FFFD}\"")
        }
    }

    @Test func `a processing error is noted once for each attempt`() async throws {
        try await withSchema { pool in
            let store = ProcessingErrorStore(pool: pool)
            var error = ProcessingError(
                business: "b", jobID: "j", messageID: "m", stage: "ai", message: "no\0 answer", retryCount: 0,
                createdAtMS: 1_000)
            for _ in 0..<2 { try await store.record(error) }
            error.retryCount = 1
            error.createdAtMS = 2_000
            try await store.record(error)
            let noted = try await store.recent(business: "b")
            #expect(noted.map(\.retryCount) == [1, 0])
            #expect(noted[0].message == "no\u{FFFD} answer")
        }
    }

    private func dead(_ id: String, queue: String = "default", diedAt: Int64 = 1_763_650_000_123) -> DeadJob {
        DeadJob(
            id: id, business: "b", conversation: "15550001111", queue: queue, name: "webhook_process_job", version: 2,
            traceparent: "00-1-2-01", payload: #"{"a": 1}"#, steps: ["reply": "“Yes”\n", "send.text.0": "{}"],
            reason: "AI failed", attempts: 8, firstFailedAt: WallTime(milliseconds: 500),
            diedAt: WallTime(milliseconds: diedAt))
    }
}
