import Native
import TestSupport
import Testing

@testable import QueueModel
@testable import Shared

@Suite("Queue: the model", .onLoop)
@LoopActor struct QueueModelTests {
    /// `make model` does the same for longer; docs/model-test.md says how to read what fails.
    @Test(arguments: [1, UInt64.random(in: 0...UInt64(Int64.max))])
    func `whatever happens, the queue does what the model does`(seed: UInt64) async throws {
        try await Arena.with { arena in
            let campaign = arena.campaign(seed: seed)
            let story = try await arena.firstViolation(of: campaign, steps: 10_000)
            #expect(story == nil, "\(story.map(\.description) ?? "")")
            #expect(campaign.steps >= 10_000)
        }
    }

    @Test func `every mutant is a change of one place of a script`() {
        for mutant in Mutant.all { #expect(mutant.problem() == nil, "\(mutant.name)") }
        #expect(Set(Mutant.all.map(\.name)).count == Mutant.all.count)
    }

    @Test func `a queue that takes stale tokens is caught, and the story told is short`() async throws {
        let mutant = Mutant(
            "any token is good", in: "prelude", "return call('HGET', P .. 'ls', gid) == token", "return true")
        try await Arena.with { arena in
            let campaign = arena.campaign(seed: 1, scripts: mutant.scripts)
            let story = try #require(try await arena.firstViolation(of: campaign, steps: 5000))
            #expect(story.violation.kind == .stale)
            #expect(story.lines.count < 15)
            #expect(story.description.contains("seed 1, schedule 0"))
        }
    }
}
