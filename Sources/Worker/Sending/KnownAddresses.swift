import Native
import Shared

/// Where a contact can be reached, beside what its message tells.
@LoopActor struct KnownAddresses {
    let conversations: ConversationStore
    let silence: PostgresSilence
    let log: Log

    /// For Postgres. It is part of the time in which a contact is to get an answer.
    private static let patience: Duration = .milliseconds(500)

    /// The message's own addresses, first the one it came from. Where that is a `@lid` alone, and a provider of the business's
    /// knows phones only, the phone that an earlier message told with the same `@lid` is behind them.
    ///
    /// Never fails: what Postgres does not tell in time is not known.
    func all(of message: InboundMessage, _ business: Business) async -> [ContactAddress] {
        let own = [message.address] + message.otherAddresses
        guard Self.isWorthAsking(message, ProviderOrder.order(for: message, business: business)) else { return own }
        do throws(StoreError) {
            let phone = try await silence.ask { () throws(StoreError) in
                try await conversations.phone(
                    behind: message.address.rawValue, business: message.tenant, within: Self.patience)
            }
            return own + [phone ?? nil].compactMap { $0.flatMap { ContactAddress(rawValue: $0) } }
        } catch {
            log.warning(
                .postgresConnection, "Nobody knows a contact's phone",
                [.messageID: .text(message.messageID), .error: .text("\(error)")])
            return own
        }
    }

    static func isWorthAsking(_ message: InboundMessage, _ order: [ProviderName]) -> Bool {
        message.address.server == "lid" && message.otherAddresses.allSatisfy { $0.phone == nil }
            && order.contains { $0 == .twilio || $0 == .meta }
    }
}
