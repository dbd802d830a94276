import Native

/// Every mutant must be caught.
@LoopActor enum MutantRun {
    /// Within so many steps.
    private static let budget = 50_000

    /// - Parameter only: part of the names of the mutants to run; nil: all.
    static func run(only: String?, seed: UInt64) async throws {
        let start = MonotonicInstant.now()
        let mutants = Mutant.all.enumerated().filter { only.map($0.element.name.contains) ?? true }
        guard !mutants.isEmpty else { throw Main.Failed(description: "no mutant is called \(only ?? "")") }
        var failed: [String] = []
        try await Arena.with { arena in
            for (number, mutant) in mutants {
                let outcome = try await catchStep(mutant, arena.campaign(seed: seed, scripts: mutant.scripts))
                if !outcome.isCaught { failed.append(mutant.name) }
                say("mutant \(number < 9 ? "0" : "")\(number + 1) \(mutant.name): \(outcome.text)")
            }
        }
        let seconds = (MonotonicInstant.now().nanoseconds - start.nanoseconds) / 1_000_000_000
        say("mutants: \(mutants.count - failed.count) of \(mutants.count) caught in \(seconds) s")
        if !failed.isEmpty { throw Main.Failed(description: "mutants: NOT caught: \(failed.joined(separator: "; "))") }
    }

    private static func catchStep(_ mutant: Mutant, _ campaign: Campaign) async throws -> (isCaught: Bool, text: String)
    {
        if let problem = mutant.problem() { return (false, problem) }
        do { try await campaign.run(budget) } catch let failure as Campaign.Failure {
            return (
                true, "caught at step \(failure.steps) (\(failure.violation.what.prefix { $0 != "\n" }.prefix(150)))"
            )
        }
        return (false, "SURVIVED \(campaign.steps) steps")
    }
}
