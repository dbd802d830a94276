/// What one item of a webhook's body turned out to be, whichever sender it came from.
package enum InboundEvent: Equatable, Sendable {
    case message(InboundMessage)
    /// A message that went out under the business's number, under an id that is none of ours: a person has written it, or
    /// the provider gave the id to a text of ours. `address` and `contact` are whom it went to. Counted as ignored.
    case ownMessage(InboundMessage)
    /// What a provider says of a message of ours.
    case receipt(DeliveryReceipt)
    /// Nothing to answer, by rule: our own messages, groups, reactions, stubs, … It must not be marked as seen.
    case ignored(IgnoreReason)
    /// Malformed: what and where; never a received value.
    case rejected(String)
}

/// Why an item is passed over.
package enum IgnoreReason: String, Sendable, CaseIterable {
    case own, status, broadcast, newsletter, group, stub, protocolMessage, reaction, edit, revoke
    /// For a business that did not prove this body, beside what is for one that did.
    case unproven
    /// A kind nobody can answer: poll updates, key distribution, a sender's notice about itself, …
    case technical
}
