import Native
import Shared

/// `scheduled_broadcasts`: begins broadcasts whose time has come, puts their next texts on the queue at the business's pace,
/// and ends those that are through. Running a tick twice puts texts there twice as fast, and none twice.
@LoopActor struct ScheduledBroadcastsHandler: JobHandler {
    let version = 1

    let broadcasts: BroadcastStore
    let queue: RedisQueue
    let log: Log

    func run(_ job: LeasedJob) async -> JobOutcome {
        guard let tick = TickJob.tick(of: job.job.payload) else { return .giveUp(reason: "payload is no tick") }
        do {
            let due = try await broadcasts.due()
            var left = Self.counts(due, tick: tick)
            for broadcast in due {
                left[broadcast.business] = try await go(on: broadcast, upTo: left[broadcast.business] ?? 0)
            }
        } catch {
            if Task.isCancelled { return .lost }
            // The next tick is the retry.
            log.warning(.broadcast, "Broadcasts do not go on", [.error: .text("\(error)")])
        }
        return .done()
    }

    /// How many texts of each business may be put on the queue: none in its quiet hours, and no more while a minute's worth
    /// of them is not out.
    nonisolated static func counts(_ due: [BroadcastStore.Due], tick: Int) -> [String: Int] {
        Dictionary(grouping: due, by: \.business).mapValues { broadcasts in
            let settings = broadcasts[0].settings, pace = settings.broadcastsPerMinute ?? BroadcastPace.standard
            let isQuiet = settings.quietHours?.left(at: broadcasts[0].minuteOfDay) != nil
            let queued = broadcasts.reduce(0) { $0 + $1.queued }
            return isQuiet || queued >= max(1, pace) ? 0 : BroadcastPace.count(perMinute: pace, tick: tick)
        }
    }

    /// Returns how many are left for the business's other broadcasts.
    private func go(on due: BroadcastStore.Due, upTo count: Int) async throws -> Int {
        var left = count
        let contacts = left > 0 ? try await broadcasts.pending(due.id, of: due.business, limit: left) : []
        if !contacts.isEmpty, try await broadcasts.begin(due.id, of: due.business) {
            log.info(.broadcast, "Broadcast begins", [.business: .text(due.business), .broadcast: .int(due.id)])
        }
        var taken: [(contact: String, job: JobID)] = []
        for contact in contacts {
            let job = BroadcastJob(broadcast: due.id, business: due.business, contact: contact).job
            if case .full = try await queue.enqueue(job) { break }
            taken.append((contact, job.id))
        }
        // The queue first: a crash between the two enqueues them again, which dedupe drops.
        try await broadcasts.queued(taken, due.id, of: due.business)
        // The queue is full for the business's other broadcasts too.
        left = taken.count < contacts.count ? 0 : left - taken.count
        if contacts.isEmpty, try await broadcasts.finish(due.id, of: due.business) {
            log.info(.broadcast, "Broadcast is done", [.business: .text(due.business), .broadcast: .int(due.id)])
        }
        return left
    }
}
