import Native

/// A way to a contact. Several real ones exist; the simulator speaks their protocols.
@LoopActor package protocol Provider: Sendable {
    var name: ProviderName { get }

    /// How many sends of one message are tried when the time limit runs out. 1 where a repeat could double.
    var attempts: Int { get }

    /// Whether a repeated id is sent once only.
    var keepsIDs: Bool { get }

    /// Whether the provider answers a send before WhatsApp's server has acknowledged it. Then `acknowledgement` is asked.
    var acknowledgesLater: Bool { get }

    /// Whether the business has this way at all, and one of the message's addresses can be reached by it.
    func reaches(_ message: OutboundMessage) -> Bool

    /// Whether a send has a chance right now. Cheap and cached; never waits long.
    func ability(of business: Business) async -> SendAbility

    /// Sends once, within the provider's own time limit.
    func send(_ message: OutboundMessage) async -> SendOutcome

    /// What became of a send with an unknown outcome.
    ///
    /// - Parameter since: when the send was first tried; for providers that must be searched by time.
    func lookUp(_ message: OutboundMessage, since: WallTime) async -> LookUp

    /// What has become of a message that the provider took. Asks once, or once for each address that it may be kept under.
    func state(of message: SentMessage) async -> SentState

    /// Whether WhatsApp's server has a message that the provider took. `.pending` only where the provider tells of others
    /// that the server has them: else that it tells nothing proves nothing, and the answer is `.untold`.
    ///
    /// - Parameter patience: for an acknowledgement to come.
    func acknowledgement(of message: SentMessage, patience: Duration) async -> SentState
}

extension Provider {
    /// Of a provider that cannot be asked: it tells by webhook or not at all.
    package func state(of message: SentMessage) async -> SentState { .untold }

    package var acknowledgesLater: Bool { false }
    /// Of a provider whose answer is the acknowledgement, or who answers for the message from then on.
    package func acknowledgement(of message: SentMessage, patience: Duration) async -> SentState { .told(.sent) }
}
