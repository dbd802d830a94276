import Native
import Shared

/// Evolution's webhooks. The secret stands in a header of its own, or signs a token where it is the webhook's `jwt_key`.
enum EvolutionSample {
    static func request(
        _ sample: Sample, _ keys: SenderKeys, _ secret: Secret, asToken: Bool = false
    ) -> SampleRequest {
        let proof =
            asToken
            ? SampleRequest.Header(
                name: "Authorization",
                value: "Bearer " + EvolutionToken.sign(key: secret.exposed, now: sample.time))
            : .init(name: "X-Webhook-Secret", value: secret.exposed, place: keys.place(of: .evolution))
        return SampleRequest(
            sender: .evolution, target: "/webhook/evolution/\(keys.business.percentEncoded)",
            headers: [SampleRequest.jsonType, proof], body: body(sample, keys.evolutionInstance))
    }

    private static func body(_ sample: Sample, _ instance: String) -> String {
        JSONWriter.text { json in
            json.field("event", event(sample.content))
            json.field("instance", instance)
            json.object("data") { data(sample, &$0) }
        }
    }

    private static func event(_ content: Sample.Content) -> String {
        switch content {
        case .message: "messages.upsert"
        case .status: "messages.update"
        case .nothing: "application.startup"
        }
    }

    private static func data(_ sample: Sample, _ json: inout JSONWriter) {
        let address = sample.contact + "@s.whatsapp.net", id = BaileysSample.id(sample)
        switch sample.content {
        case .nothing: break
        case .message(let text):
            json.object("key") { json in
                json.field("remoteJid", address)
                json.field("fromMe", false)
                json.field("id", id)
            }
            json.field("pushName", "Sample")
            json.object("message") { $0.field("conversation", text) }
            json.field("messageType", "conversation")
            json.field("messageTimestamp", sample.seconds)
        case .status:
            json.field("keyId", id)
            json.field("remoteJid", address)
            json.field("fromMe", true)
            json.field("status", "DELIVERY_ACK")
        }
    }
}
