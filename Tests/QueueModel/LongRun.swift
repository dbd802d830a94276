import Native

/// The model test with its progress on the terminal.
@LoopActor enum LongRun {
    private static let interval = Duration.seconds(5)

    static func run(steps: Int, seed: UInt64?) async throws {
        guard steps > 0 else { throw Main.Failed(description: "the number of steps is 1 or more") }
        let seed = seed ?? .random(in: 0...UInt64(Int64.max))
        say("model: seed \(seed), \(steps) steps")
        try await Arena.with { try await run(steps, $0.campaign(seed: seed), $0) }
    }

    private static func run(_ steps: Int, _ campaign: Campaign, _ arena: Arena) async throws {
        let start = MonotonicInstant.now()
        var next = start + interval
        let onSchedule = {
            guard MonotonicInstant.now() >= next else { return }
            next = MonotonicInstant.now() + interval
            say("model: \(sum(of: campaign, since: start))")
        }
        let story = try await arena.firstViolation(of: campaign, steps: steps, onSchedule: onSchedule) { failure in
            say("model: schedule \(failure.number), step \(failure.steps): \(failure.violation.what)\nmodel: shrinking")
        }
        if let story { throw Main.Failed(description: "model: VIOLATION\n\(story)") }
        say("model: no violation in \(sum(of: campaign, since: start)), seed \(campaign.seed)")
    }

    private static func sum(of campaign: Campaign, since start: MonotonicInstant) -> String {
        let milliseconds = max(1, Int((MonotonicInstant.now().nanoseconds - start.nanoseconds) / 1_000_000))
        return "\(campaign.steps) steps, \(campaign.schedules) schedules, \(milliseconds / 1000) s, "
            + "\(campaign.steps * 1000 / milliseconds) steps/s"
    }
}
