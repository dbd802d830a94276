import TestSupport

/// What one run does, from an empty queue on. The same seed and number give the same schedule.
struct Schedule: Sendable {
    var steps: [Step]
    /// Whether some of the workers listen for wake-ups; if not, all are gone, and a wake-up goes through to the last.
    let hasListeners: Bool

    init(seed: UInt64, number: Int, length: Int) {
        var random = SplitMix(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        hasListeners = Bool.random(using: &random)
        let wheel = Self.wheel(&random)
        steps = (0..<length).map { _ in Step.random(wheel.randomElement(using: &random)!, &random) }
    }

    /// Each kind as often as it is to be chosen. Every schedule favours some, so that also what takes three rare things
    /// in a row comes about.
    private static func wheel(_ random: inout SplitMix) -> [Step.Kind] {
        let favoured = Set((0..<5).map { _ in Step.Kind.allCases.randomElement(using: &random)! })
        return Step.Kind.allCases.flatMap { kind in
            Array(repeating: kind, count: favoured.contains(kind) ? kind.weight * 2 + 8 : kind.weight)
        }
    }
}
