/// Where each provider is, and what opens it.
struct ProviderSettings: Sendable {
    let gateway: GatewayCalls
    let twilio: TwilioSettings
    let meta: MetaSettings
    let evolution: EvolutionSettings
    let waha: WAHASettings

    init(_ configuration: Configuration) {
        gateway = GatewayCalls(configuration)
        twilio = configuration.twilio
        meta = configuration.meta
        evolution = configuration.evolution
        waha = configuration.waha
    }
}
