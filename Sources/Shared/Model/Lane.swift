/// A queue by its name in `WORKER_QUEUES`, logs and metrics. Lanes share the workers by weight, and a conversation's
/// jobs are in order within one lane.
package enum Lane: String, Sendable, CaseIterable, Codable, Hashable {
    case high, `default`, low, receipts
    case receiptsSync = "receipts_sync"
    case maintenance, recordings, broadcasts

    /// The share of claims this lane gets while all have work.
    package var standardWeight: Int {
        switch self {
        case .high: 8
        case .default: 4
        case .low, .receipts: 2
        case .receiptsSync, .maintenance, .recordings, .broadcasts: 1
        }
    }
}
