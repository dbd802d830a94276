/// One of those that the simulator stands in for, by its name in options, faults and statistics.
enum Service: String, Sendable, CaseIterable {
    case gateway, twilio, meta, evolution, waha, ai

    /// As witnesses name who delivered a text. The AI delivers none.
    var provider: String { self == .gateway ? "baileys" : rawValue }
}
