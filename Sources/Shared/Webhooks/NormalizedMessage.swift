/// What one message of a webhook's body turned out to be.
package enum NormalizedMessage: Equatable, Sendable {
    case message(InboundMessage)
    /// Nothing to answer, by rule: our own messages, groups, reactions, stubs, … It must not be marked as seen.
    case ignored(IgnoreReason)
    /// Malformed: what and where.
    case rejected(String)
}

/// Why a message is passed over.
package enum IgnoreReason: String, Sendable, CaseIterable {
    case own, status, broadcast, newsletter, group, stub, protocolMessage, reaction, edit, revoke
    /// A kind nobody can answer: poll updates, key distribution, …
    case technical
}
