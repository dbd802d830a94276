import Native
import Shared

/// Every webhook of the API.
@LoopActor struct Webhooks {
    let gateway: WebhookEndpoint

    init(_ configuration: Configuration, _ directory: BusinessDirectory, ingest: WebhookIngest, metrics: Metrics) {
        func endpoint(_ sender: any WebhookSender) -> WebhookEndpoint {
            WebhookEndpoint(sender, ingest: ingest, metrics: metrics)
        }
        gateway = endpoint(GatewaySender(configuration.api))
    }
}
