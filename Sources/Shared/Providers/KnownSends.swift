import Native

/// Whose each provider's id is, as far as this process has learnt it from answers. A look-up by text passes over what is
/// known as another message, so that the same words sent shortly before are not taken for a send that was lost.
struct KnownSends {
    /// Longer than a job with an open send comes back.
    private var owners = AnswerCache<String>(lifetime: .seconds(3600))

    mutating func note(_ providerID: String, of message: OutboundMessage) {
        owners.keep(message.id, of: Self.name(providerID, message), now: .now())
    }

    mutating func note(_ outcome: SendOutcome, of message: OutboundMessage) {
        if case .sent(let providerID) = outcome { note(providerID, of: message) }
    }

    mutating func note(_ answer: LookUp, of message: OutboundMessage) {
        if case .sent(let providerID) = answer { note(providerID, of: message) }
    }

    func isAnothers(_ providerID: String, than message: OutboundMessage) -> Bool {
        owners.find(Self.name(providerID, message), now: .now()).map { $0 != message.id } ?? false
    }

    private static func name(_ providerID: String, _ message: OutboundMessage) -> String {
        "\(message.business.id)|\(providerID)"
    }
}
