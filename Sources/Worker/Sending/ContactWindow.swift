import Native
import Shared

/// Who may be sent a text as it is: Twilio and Meta take one only within 24 hours of the contact's last message to that
/// number, and a template else. A reply that fails over goes out from a number the contact may never have written to.
/// Source: Meta's "Customer service windows", Twilio's error 63016.
@LoopActor struct ContactWindow {
    let messages: MessageStore
    let silence: PostgresSilence
    let log: Log

    /// Half an hour is left to clocks that differ, and to the job.
    static let length: Duration = .seconds(84_600)
    /// For Postgres. It is part of the time in which a contact is to get an answer.
    private static let patience: Duration = .milliseconds(500)

    /// The providers through which a reply needs its template. Never fails: a template is taken at any time, so what Postgres
    /// does not tell in time needs one.
    func needingTemplate(_ message: InboundMessage, _ business: Business) async -> Set<ProviderName> {
        await needingTemplate(message.contact, business, among: Self.unsure(message, business, now: .now()))
    }

    /// - Parameter providers: with a template for the business.
    func needingTemplate(
        _ contact: String, _ business: Business, among providers: [ProviderName]
    ) async -> Set<ProviderName> {
        var needing: Set<ProviderName> = []
        for provider in providers {
            do throws(StoreError) {
                let since = WallTime(milliseconds: WallTime.now().milliseconds - Int64(Self.length.milliseconds))
                let hasWritten = try await silence.ask { () throws(StoreError) in
                    try await messages.hasWritten(
                        business: business.id, contact: contact, to: provider, since: since, within: Self.patience)
                }
                if hasWritten != true { needing.insert(provider) }
            } catch {
                log.warning(
                    .postgresConnection, "Nobody knows when a contact wrote last",
                    [.conversation: .masked(contact), .error: .text("\(error)")])
                needing.insert(provider)
            }
        }
        return needing
    }

    /// Those with a template for the business and no message of the contact's at hand that is young enough.
    static func unsure(_ message: InboundMessage, _ business: Business, now: WallTime) -> [ProviderName] {
        let settings = business.settings
        return ProviderOrder.order(for: message, business: business).filter { provider in
            provider.hasTemplate(settings)
                && (provider != message.provider
                    || now.milliseconds - message.sentAt.milliseconds > Int64(length.milliseconds))
        }
    }
}

extension ProviderName {
    func hasTemplate(_ settings: BusinessSettings) -> Bool {
        switch self {
        case .twilio: settings.twilioTemplate != nil
        case .meta: settings.metaTemplate != nil
        default: false
        }
    }

    /// UTF-16 units of one text that goes out whole, also in the business's template.
    func textLimit(of settings: BusinessSettings) -> Int {
        hasTemplate(settings) ? min(textLimit, TemplateText.limit) : textLimit
    }
}
