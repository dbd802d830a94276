import Native
import Shared

/// The gateway's webhooks. The secret itself is the proof.
enum BaileysSample {
    static func request(_ sample: Sample, _ keys: SenderKeys, _ secret: Secret) -> SampleRequest {
        SampleRequest(
            sender: .baileys, target: "/webhook/whatsapp/" + (sample.content == .status ? "receipts" : "incoming"),
            headers: [
                SampleRequest.jsonType,
                .init(
                    name: "X-Internal-Secret", value: secret.exposed, place: keys.place(of: .baileys)),
            ],
            body: body(sample, keys.business))
    }

    private static func body(_ sample: Sample, _ business: String) -> String {
        JSONWriter.text { json in
            json.field("tenantId", business)
            switch sample.content {
            case .status: json.array("updates") { update(sample, &$0) }
            case .message(let text): messages(&json) { message(text, sample, &$0) }
            case .nothing: messages(&json, nil)
            }
        }
    }

    private static func messages(_ json: inout JSONWriter, _ write: ((inout JSONWriter) -> Void)?) {
        json.object("payload") { json in
            json.field("type", "notify")
            json.array("messages", write)
        }
    }

    private static func message(_ text: String, _ sample: Sample, _ json: inout JSONWriter) {
        key(sample, isOurs: false, &json)
        json.object("message") { $0.field("conversation", text) }
        json.field("pushName", "Sample")
        json.field("messageTimestamp", sample.seconds)
    }

    private static func update(_ sample: Sample, _ json: inout JSONWriter) {
        key(sample, isOurs: true, &json)
        json.object("update") { json in
            // DELIVERY_ACK
            json.field("status", 3)
            json.field("messageTimestamp", sample.seconds)
        }
    }

    private static func key(_ sample: Sample, isOurs: Bool, _ json: inout JSONWriter) {
        json.object("key") { json in
            json.field("remoteJid", sample.contact + "@s.whatsapp.net")
            json.field("fromMe", isOurs)
            json.field("id", Self.id(sample))
        }
    }

    /// As WhatsApp's own clients form ids.
    static func id(_ sample: Sample) -> String { "3EB0" + sample.id.prefix(18).uppercased() }
}
