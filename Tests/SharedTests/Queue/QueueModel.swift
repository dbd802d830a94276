import Native
import TestSupport

@testable import Shared

/// What the queue must hold, written as simply as possible, and random steps that are made on both.
@LoopActor final class QueueModel {
    enum Place: Equatable { case ready, leased(LeaseToken, expired: Bool), delayed(due: Bool) }

    struct Group {
        var jobs: [JobID]
        var place: Place
        var attempts = 0
        var crashes = 0
    }

    struct Violation: Error { let what: String }

    private let fixture: QueueFixture
    private let queue: RedisQueue
    private var random: SplitMix
    private var groups: [JobGroup: Group] = [:]
    private var leases: [Lease] = []
    private var stale: [Lease] = []
    private var accepted: Set<JobID> = []
    private var ended: [JobID] = []
    private var lastToken: [JobGroup: Int] = [:]
    private var jobCount = 0
    private var rowCount = 0
    private(set) var log: [String] = []

    init(_ fixture: QueueFixture, seed: UInt64) {
        self.fixture = fixture
        queue = fixture.queue
        random = SplitMix(seed: seed)
    }

    private func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    private func chance(_ percent: Int) -> Bool { pick(0..<100) < percent }

    private func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        if !condition { throw Violation(what: what() + "\nlast steps: " + log.suffix(12).joined(separator: "; ")) }
    }

    // MARK: Steps

    func step() async throws {
        switch pick(0..<100) {
        case ..<35: try await enqueue()
        case ..<55: try await claim(suspects: chance(15))
        case ..<80: try await end()
        case ..<85: try await heartbeat()
        case ..<90: try await useStale()
        case ..<95: try await reap()
        default: try await promote()
        }
        try await check()
    }

    private func enqueue() async throws {
        let isRepeat = jobCount > 0 && chance(10)
        if !isRepeat { jobCount += 1 }
        let number = isRepeat ? pick(1..<(jobCount + 1)) : jobCount
        // The place follows from the number, as a repeated webhook would have it.
        let lane = [Lane.high, .default, .broadcasts][number % 3]
        let conversation = number % 11 == 0 ? nil : "c\(number % 4)"
        let job = fixture.job("j\(number)", conversation, tenant: "t\(number % 2)", lane: lane)
        let delay: Duration = number % 7 == 0 ? .seconds(3600) : .zero
        log.append("enqueue \(job.id)")
        let result = try await queue.enqueue(job, delay: delay)
        if accepted.contains(job.id) {
            try require(result == .duplicate(of: job.id), "a repeat was \(result)")
            return
        }
        try require(result == .accepted, "a new job was \(result)")
        accepted.insert(job.id)
        let group = try job.group()
        groups[group, default: Group(jobs: [], place: delay > .zero ? .delayed(due: false) : .ready)].jobs.append(
            job.id)
    }

    private func claim(suspects: Bool) async throws {
        let slots = pick(1..<6), expired = chance(30)
        let lease: Duration = expired ? .zero : .seconds(3600)
        log.append("claim \(slots)\(suspects ? " suspects" : "")\(expired ? " that expire" : "")")
        let claimed =
            suspects
            ? try await queue.claimSuspects(slots, from: 0, for: fixture.worker, lease: lease)
            : try await queue.claim(QueueFixture.plan(slots), from: 0, for: fixture.worker, lease: lease)
        let candidates = groups.filter { $0.value.place == .ready && ($0.value.crashes >= 2) == suspects }
        try require(
            claimed.leases.count == min(slots, candidates.count),
            "claimed \(claimed.leases.count) of \(candidates.count) with \(slots) slots")
        for lease in claimed.leases {
            guard var group = candidates[lease.group] else { throw Violation(what: "\(lease.group) was not ready") }
            let token = Int(lease.token.rawValue) ?? 0
            try require(token > lastToken[lease.group] ?? 0, "the token of \(lease.group) did not grow")
            lastToken[lease.group] = token
            group.attempts += 1
            try require(lease.job.id == group.jobs[0], "\(lease.group) gave \(lease.job.id), not \(group.jobs[0])")
            try require(lease.behind == group.jobs.count - 1, "\(lease.group) says \(lease.behind) wait")
            try require(
                lease.attempts == group.attempts && lease.crashes == group.crashes,
                "\(lease.group): attempt \(lease.attempts), crashes \(lease.crashes), not \(group)")
            group.place = .leased(lease.token, expired: expired)
            groups[lease.group] = group
            leases.append(lease)
        }
    }

    /// A holder does one of what holders do.
    private func end() async throws {
        guard !leases.isEmpty else { return }
        let lease = leases.remove(at: pick(0..<leases.count))
        guard var group = groups[lease.group] else { throw Violation(what: "\(lease.group) is leased and gone") }
        stale.append(lease)
        switch pick(0..<10) {
        case ..<5:
            let count = chance(20) ? pick(1..<(group.jobs.count + 1)) : 1
            log.append("ack \(count) of \(lease.group)")
            let following = chance(20) ? [row(after: lease)] : []
            try await queue.ack(lease, count: count, remember: [[1]], following: following)
            ended += group.jobs.prefix(count)
            settle(lease.group, group, dropping: count)
            for job in following {
                groups[try job.group(), default: Group(jobs: [], place: .ready)].jobs.append(job.id)
            }
            return
        case ..<7:
            let refund = chance(50), due = chance(60)
            log.append("retryLater \(lease.group)")
            try await queue.retryLater(lease, after: due ? .zero : .seconds(3600), refund: refund)
            group.place = .delayed(due: due)
            if refund { group.attempts -= 1 }
        case ..<8:
            log.append("release \(lease.group)")
            try await queue.release(lease)
            group.place = .ready
            group.attempts -= 1
        case ..<9:
            log.append("failToDead \(lease.group)")
            try await queue.failToDead(lease, reason: "model")
            ended.append(group.jobs[0])
            settle(lease.group, group, dropping: 1)
            return
        default:
            log.append("checkpoint \(lease.group)")
            try await queue.checkpoint(lease, ["step": "\(jobCount)"])
            stale.removeLast()
            leases.append(lease)
        }
        groups[lease.group] = group
    }

    private func row(after lease: Lease) -> Job {
        rowCount += 1
        let conversation = lease.job.conversation?.rawValue
        return fixture.job("row\(rowCount)", conversation, tenant: lease.job.tenant.rawValue, lane: .maintenance)
    }

    private func settle(_ id: JobGroup, _ group: Group, dropping count: Int) {
        let rest = Array(group.jobs.dropFirst(count))
        groups[id] = rest.isEmpty ? nil : Group(jobs: rest, place: .ready)
    }

    private func heartbeat() async throws {
        guard !leases.isEmpty else { return }
        log.append("heartbeat")
        let lost = try await queue.heartbeat(leases + stale.suffix(3), on: 0, lease: .seconds(3600))
        for lease in leases {
            try require(
                !lost.contains(lease.group) || stale.contains { $0.group == lease.group }, "a live lease was lost")
            groups[lease.group]?.place = .leased(lease.token, expired: false)
        }
    }

    private func useStale() async throws {
        guard let lease = stale.randomElement(using: &random) else { return }
        let verb = HolderVerb.allCases[pick(0..<HolderVerb.allCases.count)]
        log.append("stale \(verb) \(lease.group)")
        do throws(QueueError) { try await verb.run(queue, lease) } catch {
            try require(error == .leaseLost, "\(verb) with a stale token: \(error)")
            return
        }
        throw Violation(what: "\(verb) with a stale token was obeyed")
    }

    private func reap() async throws {
        log.append("reap")
        let expired = leases.filter { groups[$0.group]?.place == .leased($0.token, expired: true) }
        let reaped = try await queue.reap()
        try require(reaped == expired.count, "reaped \(reaped) of \(expired.count)")
        for lease in expired {
            guard var group = groups[lease.group] else { continue }
            group.crashes += 1
            group.place = .ready
            groups[lease.group] = group
        }
        leases.removeAll { lease in expired.contains(lease) }
        stale += expired
    }

    private func promote() async throws {
        log.append("promote")
        let due = groups.filter { $0.value.place == .delayed(due: true) }
        let count = try await queue.promote()
        try require(count == due.count, "promoted \(count) of \(due.count)")
        for group in due.keys { groups[group]?.place = .ready }
    }

    // MARK: Checks

    private func check() async throws {
        let problems = try await fixture.audit()
        try require(problems.isEmpty, problems.joined(separator: ", "))
        let depths = try await queue.depths()
        var jobs: [Lane: Int] = [:]
        for (group, state) in groups { jobs[group.lane, default: 0] += state.jobs.count }
        try require(depths.jobs == jobs, "Redis counts \(depths.jobs), the model \(jobs)")
        try require(depths.leased == leases.count, "Redis has \(depths.leased) leases, the model \(leases.count)")
    }

    /// Runs everything to its end.
    func finish() async throws {
        let delayed = queue.keys(of: 0).delayed
        while !groups.isEmpty {
            for (group, state) in groups where state.place == .delayed(due: false) {
                _ = try await fixture.client.send(RedisCommand("ZADD", delayed, "XX", "0", group.id))
                groups[group]?.place = .delayed(due: true)
            }
            try await promote()
            for suspects in [false, true] { try await claim(suspects: suspects) }
            try await end()
            if chance(30) { try await reap() }
            try await check()
        }
        try require(Set(ended).count == ended.count, "a job ended twice")
        try require(Set(ended).count == accepted.union(ended).count, "a job vanished")
        let leftovers = try await fixture.leftovers()
        try require(leftovers.isEmpty, "left: \(leftovers)")
    }
}
