import Native

/// How each provider is told that messages were read and that somebody types.
///
/// Nothing comes of a call that fails: the reply is sent all the same.
package struct ReadMarkCalls: Sendable {
    let providers: ProviderSettings

    /// For one call. Typing shows for 25 s at most, so that what takes long says nothing any more.
    static let timeout: Duration = .seconds(5)

    package init(_ configuration: Configuration) {
        providers = ProviderSettings(configuration)
    }

    /// In their order; none where the provider is closed to the business.
    package func requests(for mark: ReadMark) -> [HTTPClient.Request] {
        let business = mark.business
        return switch mark.last.provider {
        case .baileys: BaileysReadMark.requests(mark, providers.gateway)
        case .twilio:
            providers.twilio.account(of: business.settings).map {
                [TwilioReadMark.request(mark, $0, url: providers.twilio.url)]
            } ?? []
        case .meta:
            providers.meta.account(of: business.settings).map {
                [MetaReadMark.request(mark, $0, url: providers.meta.url)]
            } ?? []
        case .evolution: providers.evolution.account(of: business).map { EvolutionReadMark.requests(mark, $0) } ?? []
        case .waha: providers.waha.account(of: business).map { WAHAReadMark.requests(mark, $0) } ?? []
        }
    }

    /// A POST of a JSON object.
    static func post(
        _ url: String, headers: [(String, String)], mayBePrivate: Bool, _ write: (inout JSONWriter) -> Void
    ) -> HTTPClient.Request {
        var json = JSONWriter(reserving: 192)
        json.beginObject()
        write(&json)
        json.endObject()
        var request = HTTPClient.Request(method: "POST", url: url)
        request.headers = headers + [("Content-Type", "application/json")]
        request.body = json.bytes
        request.mayBeRepeated = true
        request.timeout = timeout
        request.allowsPrivateAddresses = mayBePrivate
        return request
    }
}

extension JSONWriter {
    /// A list of strings.
    mutating func field(_ key: StaticString, _ values: [String]) {
        self.key(key)
        beginArray()
        for text in values { value(text) }
        endArray()
    }
}
