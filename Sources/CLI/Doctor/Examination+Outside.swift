import Native
import Shared

extension Examination {
    // MARK: Twilio

    private struct Line {
        let account: TwilioAccount
        /// Where its messages may go, the one to set first; without fragments.
        let expected: [String]
        /// The business's whose it is; nil: the environment's.
        var settings: BusinessSettings?

        var secrets: (sid: SecretPlace, token: SecretPlace) {
            (
                SecretPlace("TWILIO_ACCOUNT_SID", isOwn: settings?.twilioAccountSID != nil),
                SecretPlace("TWILIO_AUTH_TOKEN", isOwn: settings?.twilioAuthToken != nil)
            )
        }

        var number: String { TwilioAddress.withoutChannel(account.from) }
    }

    func twilioNumbers() async -> [Finding] {
        guard let publicURL = configuration.api.publicURL else { return [] }
        let path = publicURL + "/webhook/twilio", known = businesses ?? []
        var lines: [Line] = []
        if let account = configuration.twilio.account() {
            let names = [anyBusiness] + known.map(\.id).filter { $0 != anyBusiness }
            lines.append(Line(account: account, expected: names.map { "\(path)/\($0)" } + [path]))
        }
        for business in known.filter({ $0.settings.twilioFrom != nil }).prefix(Self.mostBusinesses) {
            guard let account = configuration.twilio.account(of: business.settings) else { continue }
            lines.append(
                Line(account: account, expected: ["\(path)/\(business.id)", path], settings: business.settings))
        }
        var findings: [Finding] = []
        for line in lines { findings.append(await twilio(line)) }
        return findings
    }

    /// Twilio's number for trying out WhatsApp, which all accounts share.
    private static let sandbox = "+14155238886"

    private func twilio(_ line: Line) async -> Finding {
        let number = line.number, account = line.account, url = configuration.twilio.url.withoutTrailingSlashes
        let credentials = Base64.encode(Array("\(account.accountSID):\(account.authToken.exposed)".utf8))
        let headers = [("Authorization", "Basic \(credentials)")]
        let senders = await web.get(
            TwilioNumber.messagingURL(url) + "/v2/Channels/Senders?Channel=whatsapp&PageSize=1000", headers: headers)
        if let found = TwilioNumber.sender(number, in: senders) {
            return TwilioNumberFindings.finding(number, found, expected: line.expected)
        }
        let phones = await web.get(
            "\(url)/2010-04-01/Accounts/\(account.accountSID.percentEncoded)/IncomingPhoneNumbers.json?PhoneNumber="
                + number.percentEncoded, headers: headers)
        if let found = TwilioNumber.phone(number, in: phones) {
            return TwilioNumberFindings.finding(number, found, expected: line.expected)
        }
        for answer in [senders, phones] where answer.status != 200 {
            return TwilioNumberFindings.unasked(
                number, answer, expected: line.expected[0], secrets: line.secrets)
        }
        return TwilioNumberFindings.unlisted(
            number, isSandbox: number == Self.sandbox, expected: line.expected[0])
    }

    // MARK: Gateways

    func gateways() async -> [Finding] {
        var findings: [Finding] = []
        for provider in [ProviderName.baileys, .evolution, .waha] {
            let served = (businesses ?? []).filter {
                $0.status == .active && $0.providers.contains(provider)
                    && configuration.isOpen(provider, for: $0)
            }
            for business in served.prefix(Self.mostBusinesses) {
                if let finding = await gateway(provider, business) { findings.append(finding) }
            }
        }
        return findings
    }

    private func gateway(_ provider: ProviderName, _ business: Business) async -> Finding? {
        switch provider {
        case .baileys:
            let url = configuration.baileys.url.withoutTrailingSlashes
            let answer = await web.get(
                "\(url)/whatsapp/\(business.id)/status",
                headers: [("X-Internal-Secret", configuration.api.internalSecret?.exposed ?? "")])
            return GatewayFindings.baileys(business.id, url, answer)
        case .evolution:
            guard let account = configuration.evolution.account(of: business) else { return nil }
            let answer = await web.get(
                "\(account.url)/instance/connectionState/\(account.instance.percentEncoded)",
                headers: [("apikey", account.apiKey.exposed)], mayBePrivate: account.mayBePrivate)
            return GatewayFindings.evolution(
                business.id, account.url, answer,
                key: SecretPlace("EVOLUTION_API_KEY", isOwn: business.settings.evolutionAPIKey != nil))
        case .waha:
            guard let account = configuration.waha.account(of: business) else { return nil }
            let answer = await web.get(
                "\(account.url)/api/sessions/\(account.session.percentEncoded)",
                headers: [("X-Api-Key", account.apiKey.exposed)], mayBePrivate: account.mayBePrivate)
            return GatewayFindings.waha(
                business.id, account.url, answer,
                key: SecretPlace("WAHA_API_KEY", isOwn: business.settings.wahaAPIKey != nil))
        case .twilio, .meta: return nil
        }
    }
}
