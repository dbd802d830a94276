/// Which jobs are not taken any more as Redis's memory fills up: what can wait longest is refused first, so that there
/// is room for the messages people wait for. A plain value.
package struct Shedding: Sendable, Equatable {
    /// Used share of the memory limit, 0 when there is none. Past 1 when Redis is over its limit.
    package let share: Double

    /// - Parameters:
    ///   - used: bytes that count towards the limit.
    ///   - limit: `maxmemory`, bytes; 0: none.
    package init(used: Int, limit: Int) { share = limit > 0 ? Double(used) / Double(limit) : 0 }

    /// Nothing is refused.
    package static let none = Shedding(used: 0, limit: 0)

    package func sheds(_ lane: Lane) -> Bool { share >= Self.threshold(lane) }

    /// The lanes that are refused, in the order of `Lane`.
    package var lanes: [Lane] { Lane.allCases.filter(sheds) }

    private static func threshold(_ lane: Lane) -> Double {
        switch lane {
        case .broadcasts, .low: 0.75
        case .receipts, .receiptsSync, .maintenance, .recordings: 0.85
        case .high, .default: 0.95
        }
    }
}
