/// A way messages come in and replies go out, by its name in `businesses.providers`, rows, logs and metrics.
package enum ProviderName: String, Sendable, CaseIterable, Codable, Hashable {
    case baileys, twilio, meta, evolution, waha

    /// The order a business has that names none.
    package static let standardOrder: [ProviderName] = [.baileys, .twilio]

    /// The longest text the provider takes in one message, in UTF-16 units.
    package var textLimit: Int {
        switch self {
        case .twilio: 1600
        case .baileys, .meta, .evolution, .waha: 4096
        }
    }
}
