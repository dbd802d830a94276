import Native
import Shared

/// Which of the messages that wait behind one are answered together with it, and how long is waited for more.
struct MergeRule: Equatable, Sendable {
    /// After the last message, before the AI is asked: the business's `coalesce_ms`.
    let pause: Duration
    /// From the claim on, in which messages join. Half of the time in which the contact is to get a text, so that one who
    /// writes on and on gets one all the same.
    let window: Duration

    /// Messages that one answer is for.
    static let most = 20
    /// Bytes of what joins, as it is recorded.
    static let mostBytes = 65_536

    /// nil: each message is answered by itself.
    init?(_ settings: BusinessSettings, timeout: Duration) {
        guard let pause = settings.coalesceMS, pause > 0 else { return nil }
        self.pause = .milliseconds(pause)
        window = timeout / 2
    }

    /// How long the AI is still kept waiting for a further message; nil: not at all.
    ///
    /// - Parameters:
    ///   - sinceLast: since the last message was accepted.
    ///   - elapsed: since the claim.
    ///   - hasRoom: whether a further message could join.
    func wait(sinceLast: Duration, elapsed: Duration, hasRoom: Bool) -> Duration? {
        guard hasRoom else { return nil }
        let wait = min(pause - sinceLast, window - elapsed)
        return wait > .zero ? wait : nil
    }

    /// Whether the reply to one message may answer the other one too: it goes the same way to the same contact, and the other
    /// message is none that is treated in a way of its own.
    ///
    /// - Parameters:
    ///   - staleAfter: past which a message is stored and not answered.
    ///   - memory: of the conversation, oldest first.
    static func joins(
        _ message: InboundMessage, _ head: InboundMessage, _ business: Business, memory: [ChatMessage],
        staleAfter: Duration, now: WallTime
    ) -> Bool {
        message.provider == head.provider && message.address == head.address
            && GroupPolicy.admits(message, business.settings.groups)
            && OptOutWish(message, business.settings) == nil
            && now.milliseconds - message.sentAt.milliseconds <= Int64(staleAfter.milliseconds)
            && !EchoRule.isLoop(message.text, after: memory)
    }
}
