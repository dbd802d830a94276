import Native
import Shared

/// Meta's webhooks, signed over the raw body, and the question by which it verifies a URL.
enum MetaSample {
    static let path = "/webhook/meta"
    /// Of Meta's documentation. It is nobody's.
    static let unknownNumber = "106540352242922"

    static func request(_ sample: Sample, _ keys: SenderKeys, _ secret: Secret) -> SampleRequest {
        let body = body(sample, keys.metaNumber ?? unknownNumber)
        return SampleRequest(
            sender: .meta, target: path,
            headers: [
                SampleRequest.jsonType,
                .init(
                    name: "X-Hub-Signature-256",
                    value: "sha256=" + BodySignature.sign(Array(body.utf8), key: secret.exposed, .sha256)),
            ],
            body: body)
    }

    /// nil when `META_VERIFY_TOKEN` is not set.
    ///
    /// - Parameter challenge: what the answer's body must be.
    static func verification(_ keys: SenderKeys, challenge: String) -> SampleRequest? {
        guard let token = keys.metaVerifyToken else { return nil }
        func target(_ token: String) -> String {
            "\(path)?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=\(challenge)"
        }
        return SampleRequest(
            sender: .meta, method: "GET", target: target(token.exposed.percentEncoded),
            maskedTarget: target("$\(SenderKeys.verifyVariable)"))
    }

    private static func body(_ sample: Sample, _ number: String) -> String {
        JSONWriter.text { json in
            json.field("object", "whatsapp_business_account")
            json.array("entry") { json in
                json.field("id", "0")
                json.array("changes") { json in
                    json.field("field", "messages")
                    json.object("value") { value(sample, number, &$0) }
                }
            }
        }
    }

    private static func value(_ sample: Sample, _ number: String, _ json: inout JSONWriter) {
        json.field("messaging_product", "whatsapp")
        json.object("metadata") { $0.field("phone_number_id", number) }
        // As Meta's own ids: Base64 after the point.
        let id = "wamid." + Base64.encode(Array(sample.id.utf8))
        switch sample.content {
        case .nothing: break
        case .message(let text):
            json.array("contacts") { json in
                json.object("profile") { $0.field("name", "Sample") }
                json.field("wa_id", sample.contact)
            }
            json.array("messages") { json in
                json.field("from", sample.contact)
                json.field("id", id)
                json.field("timestamp", "\(sample.seconds)")
                json.field("type", "text")
                json.object("text") { $0.field("body", text) }
            }
        case .status:
            json.array("statuses") { json in
                json.field("id", id)
                json.field("status", "delivered")
                json.field("timestamp", "\(sample.seconds)")
                json.field("recipient_id", sample.contact)
            }
        }
    }
}
