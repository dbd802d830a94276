import Native
import Shared

/// One text on its way through the providers: what was decided so far, and what of it is recorded.
///
/// A class: each step under way would hold a copy of the value, a kilobyte and more.
@LoopActor final class DeliveryState {
    let message: OutboundMessage
    /// Of the step that records it.
    let name: String
    /// Whether somebody who has taken the conversation stops the text.
    let asks: Bool
    let checkpoint: Checkpoint
    var failover: Failover
    /// The latest send, or the one that an earlier attempt of the job has recorded.
    var send: SendStep
    /// What a provider took that is passed over, as far as this run knows.
    var taken: SendStep?

    init(
        _ message: OutboundMessage, name: String, asks: Bool, checkpoint: Checkpoint, failover: Failover,
        send: SendStep
    ) {
        self.message = message
        self.name = name
        self.asks = asks
        self.checkpoint = checkpoint
        self.failover = failover
        self.send = send
    }

    /// Says in the record that nothing is under way, unless something is. Who took it before and was passed over is asked
    /// again.
    func close() async throws(LeaseLost) {
        guard !failover.isOpen, checkpoint[name] != nil else { return }
        var closed = taken ?? send
        if taken == nil {
            closed.state = .refused
            closed.providerID = nil
        }
        try await checkpoint.record(name, closed.text)
    }

    /// - Returns: who has taken the conversation: then nothing is recorded.
    @discardableResult
    func record(saying speech: Speech? = nil) async throws(LeaseLost) -> Handover? {
        try await checkpoint.record(name, send.text, saying: speech)
    }
}
