import Native

/// What the WhatsApp gateway posts when a contact writes.
struct GatewayWebhook: Equatable {
    let business: String
    /// Digits.
    let contact: String
    /// WhatsApp's id of the message. Never used twice.
    let id: String
    let text: String
    /// Seconds since 1970.
    let timestamp: Int

    var body: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("tenantId", business)
        json.key("payload")
        json.beginObject()
        json.field("type", "notify")
        json.key("messages")
        json.beginArray()
        json.beginObject()
        json.key("key")
        json.beginObject()
        json.field("remoteJid", contact + "@s.whatsapp.net")
        json.field("fromMe", false)
        json.field("id", id)
        json.endObject()
        json.key("message")
        json.beginObject()
        json.field("conversation", text)
        json.endObject()
        json.field("pushName", "Chat")
        json.field("messageTimestamp", timestamp)
        json.endObject()
        json.endArray()
        json.endObject()
        json.endObject()
        return json.bytes
    }
}
