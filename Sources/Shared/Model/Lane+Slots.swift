/// How much of a worker a lane may have, in percent of its slots.
extension Lane {
    /// Never more than this, so that slow work cannot fill a worker.
    package var mostSlotsShare: Int {
        switch self {
        case .high, .default: 100
        case .low: 50
        case .receipts: 20
        case .receiptsSync, .maintenance: 5
        case .recordings, .broadcasts: 10
        }
    }

    /// Kept free for this lane, so that what comes next starts at once.
    package var reservedShare: Int {
        switch self {
        case .high: 20
        case .default: 10
        default: 0
        }
    }

    /// Whose reserve a lane may not touch: 1 none's but its own, 2 not that of `high`, 3 not that of `default` either.
    var reserveClass: Int {
        switch self {
        case .high: 1
        case .default: 2
        default: 3
        }
    }
}
