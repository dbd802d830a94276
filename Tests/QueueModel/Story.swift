/// A failed schedule as a person reads it.
struct Story: CustomStringConvertible {
    let seed: UInt64
    let failure: Campaign.Failure
    let schedule: Schedule
    let lines: [ModelRun.Line]
    let violation: Violation

    var description: String {
        let steps = lines.enumerated().map { number, line in
            "  \(number + 1). \(line.action) -> \(line.answer)"
        }
        return """
            seed \(seed), schedule \(failure.number), step \(failure.steps): \(failure.violation.what)
            the shortest of its kind (\(violation.kind)), \(failure.schedule.steps.count) steps shrunk to \
            \(schedule.steps.count)\(schedule.hasListeners ? ", \(Cast.listeners.joined(separator: " and ")) listen" : ""):
            \(steps.joined(separator: "\n"))
              => \(violation.what)
            """
    }
}
