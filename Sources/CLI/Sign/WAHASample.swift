import Native
import Shared

/// WAHA's webhooks, signed over the raw body.
enum WAHASample {
    static func request(_ sample: Sample, _ keys: SenderKeys, _ secret: Secret) -> SampleRequest {
        let body = body(sample, keys.wahaSession)
        return SampleRequest(
            sender: .waha, target: "/webhook/waha/\(keys.business.percentEncoded)",
            headers: [
                SampleRequest.jsonType, .init(name: "X-Webhook-Hmac-Algorithm", value: "sha512"),
                .init(
                    name: "X-Webhook-Hmac",
                    value: BodySignature.sign(Array(body.utf8), key: secret.exposed, .sha512)),
            ],
            body: body)
    }

    private static func body(_ sample: Sample, _ session: String) -> String {
        JSONWriter.text { json in
            json.field("id", "evt_" + sample.id)
            json.field("timestamp", Int(sample.time.milliseconds))
            json.field("event", event(sample.content))
            json.field("session", session)
            json.object("payload") { payload(sample, &$0) }
        }
    }

    private static func event(_ content: Sample.Content) -> String {
        switch content {
        case .message: "message"
        case .status: "message.ack"
        case .nothing: "session.status"
        }
    }

    private static func payload(_ sample: Sample, _ json: inout JSONWriter) {
        let address = sample.contact + "@c.us", id = BaileysSample.id(sample)
        switch sample.content {
        case .nothing: json.field("status", "WORKING")
        case .message(let text):
            json.field("id", "false_\(address)_\(id)")
            json.field("timestamp", sample.seconds)
            json.field("from", address)
            json.field("fromMe", false)
            json.field("body", text)
            json.field("hasMedia", false)
        case .status:
            json.field("id", "true_\(address)_\(id)")
            json.field("from", address)
            json.field("fromMe", true)
            json.field("ack", 2)
            json.field("ackName", "DEVICE")
        }
    }
}
