import Native

@testable import Shared

/// Schedule after schedule, from one seed, until enough steps were made or one failed.
@LoopActor final class Campaign {
    struct Failure: Error, Sendable {
        let violation: Violation
        /// Whether it came when everything was run to its end.
        let isInFinish: Bool
        let schedule: Schedule
        /// Of the campaign, from 0.
        let number: Int
        /// Steps of all schedules until then.
        let steps: Int
    }

    /// Steps of a schedule.
    static let length = 700
    /// Runs that a shortest schedule is worth.
    private static let mostTries = 500

    let seed: UInt64
    private let queue: RedisQueue
    private let ears: Ears
    private(set) var steps = 0
    private(set) var schedules = 0

    /// - Parameter ears: hear this Redis's wake-ups.
    init(seed: UInt64, queue: RedisQueue, ears: Ears) {
        self.seed = seed
        self.queue = queue
        self.ears = ears
    }

    /// Runs whole schedules until `total` steps were made.
    ///
    /// - Throws: `Failure` at the first violation; `QueueError` and `RedisError` when Redis is gone.
    func run(_ total: Int, onSchedule: () -> Void = {}) async throws {
        while steps < total {
            let schedule = Schedule(seed: seed, number: schedules, length: Self.length)
            let (violation, run) = try await tryOut(schedule)
            steps += run.lines.count
            if let violation {
                throw Failure(
                    violation: violation, isInFinish: run.isFinishing, schedule: schedule, number: schedules,
                    steps: steps)
            }
            schedules += 1
            onSchedule()
        }
    }

    /// Runs one schedule, and then everything to its end.
    private func tryOut(_ schedule: Schedule, finishes: Bool = true) async throws -> (Violation?, ModelRun) {
        try await ears.reset()
        var run = try await ModelRun(queue: queue, hasListeners: schedule.hasListeners)
        do {
            for step in schedule.steps { try await run.make(step) }
            if finishes { try await run.finish() }
            if schedule.hasListeners { try await ears.expect(run.heard) }
            return (nil, run)
        } catch let violation as Violation { return (violation, run) }
    }

    /// The shortest schedule found that fails in the same way, with what happens in it.
    func shrink(_ failure: Failure) async throws -> (Schedule, [ModelRun.Line], Violation) {
        var schedule = failure.schedule
        var shrinker = Shrinker(schedule.steps)
        var tries = 0
        while tries < Self.mostTries, let steps = shrinker.proposal() {
            tries += 1
            schedule.steps = steps
            let (violation, _) = try await tryOut(schedule, finishes: failure.isInFinish)
            shrinker.report(fails: violation?.kind == failure.violation.kind)
        }
        schedule.steps = shrinker.best
        let (violation, run) = try await tryOut(schedule, finishes: failure.isInFinish)
        return (schedule, run.lines, violation ?? failure.violation)
    }
}
