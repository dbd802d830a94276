import Native

/// Which business a webhook is for, and what it is judged by: the settings of all, and who owns which address.
///
/// Of several that claim the same address the first by id has it.
package struct BusinessIndex: Sendable {
    /// How a provider names the receiver of a webhook.
    package enum Address: Hashable, Sendable {
        /// Meta's `metadata.phone_number_id`.
        case metaNumber(String)
        /// Twilio's `To`, without `whatsapp:`.
        case twilioNumber(String)
        case evolutionInstance(String)
        case wahaSession(String)
    }

    private var settings: [String: BusinessSettings] = [:]
    private var owners: [Address: [String]] = [:]
    /// How many businesses have it.
    private var metaSecretCounts: [Secret: Int] = [:]
    /// How many businesses have a secret of their own, of Evolution's or WAHA's.
    private var ownSecrets: [ProviderName: Int] = [:]

    package init() {}

    package var count: Int { settings.count }

    /// nil when there is no such business.
    package subscript(id: String) -> BusinessSettings? { settings[id] }

    package var ids: some Collection<String> { settings.keys }

    /// The id of the business that has the address in its settings. An instance or session of Evolution or WAHA is also
    /// found by the id of a business that names none.
    package func business(at address: Address) -> String? {
        if let owner = owners[address]?.first { return owner }
        switch address {
        case .evolutionInstance(let name):
            return settings[name].flatMap { $0.evolutionInstance == nil ? name : nil }
        case .wahaSession(let name): return settings[name].flatMap { $0.wahaSession == nil ? name : nil }
        case .metaNumber, .twilioNumber: return nil
        }
    }

    /// The businesses' own secrets that sign Meta's webhooks, each once, in no order.
    package var metaSecrets: some Collection<Secret> { metaSecretCounts.keys }

    /// Whether any business proves that gateway's or provider's webhooks by a secret of its own: Meta's, Evolution's or
    /// WAHA's.
    package func hasOwnSecret(_ provider: ProviderName) -> Bool {
        provider == .meta ? !metaSecretCounts.isEmpty : ownSecrets[provider, default: 0] > 0
    }

    /// - Parameter new: nil: the business is gone.
    package mutating func put(_ new: BusinessSettings?, of id: String) {
        for address in Self.addresses(settings[id]) {
            owners[address]?.removeAll { $0 == id }
            if owners[address]?.isEmpty == true { owners[address] = nil }
        }
        for secret in settings[id]?.metaSecrets ?? [] {
            metaSecretCounts[secret, default: 1] -= 1
            if metaSecretCounts[secret] == 0 { metaSecretCounts[secret] = nil }
        }
        for secret in new?.metaSecrets ?? [] { metaSecretCounts[secret, default: 0] += 1 }
        for provider in Self.ownSecrets(settings[id]) { ownSecrets[provider, default: 0] -= 1 }
        for provider in Self.ownSecrets(new) { ownSecrets[provider, default: 0] += 1 }
        settings[id] = new
        for address in Self.addresses(new) {
            var ids = owners[address] ?? []
            ids.insert(id, at: ids.firstIndex { $0 > id } ?? ids.endIndex)
            owners[address] = ids
        }
    }

    private static func ownSecrets(_ settings: BusinessSettings?) -> [ProviderName] {
        guard let settings else { return [] }
        let all: [(ProviderName, [String?])] = [
            (.evolution, [settings.evolutionWebhookSecret, settings.evolutionWebhookSecretPrevious]),
            (.waha, [settings.wahaWebhookSecret, settings.wahaWebhookSecretPrevious]),
        ]
        return all.filter { $0.1.contains { $0?.isEmpty == false } }.map(\.0)
    }

    private static func addresses(_ settings: BusinessSettings?) -> [Address] {
        guard let settings else { return [] }
        return [
            settings.metaPhoneNumberID.map(Address.metaNumber),
            settings.twilioFrom.map { .twilioNumber(TwilioAddress.withoutChannel($0)) },
            settings.evolutionInstance.map(Address.evolutionInstance), settings.wahaSession.map(Address.wahaSession),
        ].compactMap { $0 }
    }
}

extension BusinessSettings {
    /// Those that sign its webhooks of Meta, current and previous; empty: it has none of its own.
    package var metaSecrets: [Secret] {
        [metaAppSecret, metaAppSecretPrevious].compactMap { $0 }.filter { !$0.isEmpty }.map { Secret($0) }
    }
}
