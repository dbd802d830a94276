import Native
import Shared

/// One text that reached a contact.
struct Delivery: Sendable {
    /// 1 for the first since the start; never used twice.
    let seq: Int
    let provider: String
    let tenant: String
    /// The phone number in digits where the address is one, else the address.
    let contact: String
    let id: String
    let text: String
    let at: WallTime

    /// The same contact under one name, whichever way a provider writes it.
    static func contact(_ address: String) -> String { ContactAddress(jid: address)?.phone ?? address }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("seq", seq)
        json.field("provider", provider)
        json.field("tenant", tenant)
        json.field("contact", contact)
        json.field("id", id)
        json.field("text", text)
        json.field("at_ms", Int(at.milliseconds))
        json.endObject()
    }
}
