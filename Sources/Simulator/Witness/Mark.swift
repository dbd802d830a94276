import Native

/// A read mark or a typing indicator that a contact saw.
struct Mark: Sendable {
    enum Kind: String, Sendable { case read, typing, both }

    let service: Service
    let kind: Kind
    /// Of what is marked: messages' ids, or whom the typing shows to.
    let what: [String]

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("provider", service.provider)
        json.field("kind", kind.rawValue)
        json.key("what")
        json.beginArray()
        for name in what { json.value(name) }
        json.endArray()
        json.endObject()
    }
}
