import Native

/// Where each provider keeps what came with a message, and what opens it.
package struct MediaSources: Sendable {
    let providers: ProviderSettings
    let hosts: OutboundHosts

    package init(_ configuration: Configuration) {
        providers = ProviderSettings(configuration)
        hosts = OutboundHosts(configuration.outboundAllowHosts)
    }

    /// In the order to try; none where the provider is closed, or the place is not the provider's.
    func calls(for media: InboundMedia, of message: InboundMessage, _ business: Business) -> [MediaCall] {
        switch message.provider {
        case .baileys: BaileysMedia.calls(message, providers.gateway)
        case .twilio:
            providers.twilio.account(of: business.settings).map {
                TwilioMedia.calls(media, $0, url: providers.twilio.url)
            } ?? []
        case .meta:
            providers.meta.account(of: business.settings).map { MetaMedia.calls(media, $0, url: providers.meta.url) }
                ?? []
        case .evolution:
            providers.evolution.account(of: business).map { EvolutionMedia.calls(media, of: message, $0, hosts) } ?? []
        case .waha: providers.waha.account(of: business).map { WAHAMedia.calls(media, of: message, $0, hosts) } ?? []
        }
    }

    /// The call that the JSON of an answer asks for.
    @LoopActor func next(_ answer: JSONElement, after call: MediaCall, _ business: Business) -> MediaCall? {
        switch call.answer {
        case .metaLink: MetaMedia.call(answer, after: call)
        case .wahaMessage: providers.waha.account(of: business).flatMap { WAHAMedia.call(answer, $0, hosts) }
        case .bytes, .evolutionBase64: nil
        }
    }
}
