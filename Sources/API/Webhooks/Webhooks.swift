import Native
import Shared

/// Every webhook of the API.
@LoopActor struct Webhooks {
    let gateway: WebhookEndpoint
    let gatewayReceipts: WebhookEndpoint
    let twilio: WebhookEndpoint
    let meta: WebhookEndpoint
    let metaVerification: MetaVerification
    let evolution: WebhookEndpoint
    let waha: WebhookEndpoint

    init(_ configuration: Configuration, _ directory: BusinessDirectory, ingest: WebhookIngest, metrics: Metrics) {
        func endpoint(_ sender: any WebhookSender) -> WebhookEndpoint {
            WebhookEndpoint(sender, directory, ingest: ingest, metrics: metrics)
        }
        func known() -> KnownBusinesses { directory.known(defaultBusiness: configuration.api.defaultBusiness) }
        gateway = endpoint(GatewaySender(configuration.api, directory))
        gatewayReceipts = endpoint(GatewayReceiptsSender(configuration.api))
        twilio = endpoint(
            TwilioSender(configuration.twilio, publicURL: configuration.api.publicURL, businesses: known))
        meta = endpoint(MetaSender(configuration.meta, businesses: known))
        metaVerification = MetaVerification(rejections: meta.rejections, token: configuration.meta.verifyToken)
        evolution = endpoint(
            EvolutionSender(configuration.evolution, directory, defaultBusiness: configuration.api.defaultBusiness))
        waha = endpoint(WAHASender(configuration.waha, directory, defaultBusiness: configuration.api.defaultBusiness))
    }
}
