import Native
import Shared

/// Posts what became of messages to the webhook that was set, as Meta does: signed, with the id that the sender gave.
@LoopActor final class MetaStatuses {
    private struct Webhook {
        let url: String
        let secret: String
    }

    private let http = HTTPClient()
    private var webhook: Webhook?

    /// Takes `{"url":…,"secret":…}`, the URL of the webhook and the app's secret.
    func set(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let read = try? JSON.read(request.body) { json -> Webhook? in
            guard let url = json["url"]?.string, let secret = json["secret"]?.string else { return nil }
            return Webhook(url: url, secret: secret)
        }
        guard let webhook = read ?? nil else { return .failure(400, "bad_request", "url and secret are needed") }
        self.webhook = webhook
        return HTTPResponse(status: 204)
    }

    /// Tells, in its own time, that a message went out. An answer other than 200 is not sent again.
    func sent(_ delivery: Delivery, number: String, ownID: String?) {
        guard let webhook else { return }
        let body = Self.body(delivery, number, ownID)
        var request = HTTPClient.Request(method: "POST", url: webhook.url)
        request.headers = [
            ("Content-Type", "application/json"),
            ("X-Hub-Signature-256", "sha256=" + BodySignature.sign(body, key: webhook.secret, .sha256)),
        ]
        request.allowsPrivateAddresses = true
        request.body = body
        LoopActor.loop.spawn { [http, request] in _ = try? await http.send(request) }
    }

    private static func body(_ delivery: Delivery, _ number: String, _ ownID: String?) -> [UInt8] {
        var status = JSONWriter()
        status.beginObject()
        status.field("id", delivery.id)
        status.field("status", "sent")
        status.field("timestamp", String(delivery.at.milliseconds / 1000))
        status.field("recipient_id", delivery.contact)
        status.field("biz_opaque_callback_data", ifPresent: ownID)
        status.endObject()
        let value =
            #"{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":""#
            + number + #""},"statuses":["# + status.text + "]}"
        return Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":"#
                + value + "}]}]}").utf8)
    }
}
