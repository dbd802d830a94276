import Native
import Shared

/// Whether a message that comes late is one that was answered: a repeat after the time in which the queue knows repeats, or
/// after Redis lost what it knew. Only Postgres knows of those.
@LoopActor struct AnsweredBefore {
    let messages: MessageStore
    /// How old a message must be, by its sender's clock, to be asked for: the others cost no question.
    let age: Duration
    let log: Log

    /// A Postgres that takes longer is done without.
    private static let limit: Duration = .seconds(1)

    /// - Parameter dedupeLifetime: how long the queue knows a message. A tenth of it is left to clocks that differ.
    init(messages: MessageStore, dedupeLifetime: Duration, log: Log) {
        self.messages = messages
        age = min(dedupeLifetime * 0.9, .seconds(3600))
        self.log = log
    }

    /// False when Postgres does not know, or cannot be asked: a second reply is better than none.
    ///
    /// - Parameter steps: what the job has recorded.
    func holds(_ message: InboundMessage, steps: [String: String]) async -> Bool {
        guard isWorthAsking(message.sentAt, steps, now: .now()) else { return false }
        do {
            let messages = messages
            return try await withDeadline(Self.limit) {
                try await messages.isAnswered(
                    business: message.tenant, provider: message.provider, providerMessageID: message.messageID)
            }
        } catch {
            log.warning(
                .rowsWaiting, "Nobody knows whether an old message was answered before",
                [.messageID: .text(message.messageID), .error: .text("\(error)")])
            return false
        }
    }

    /// A job with recorded steps is never asked for: an operator replays it, or it is answered already and a worker died
    /// before its end, and then its steps say what is left to do.
    func isWorthAsking(_ sentAt: WallTime, _ steps: [String: String], now: WallTime) -> Bool {
        steps.isEmpty && now.milliseconds - sentAt.milliseconds >= Int64(age.milliseconds)
    }
}
