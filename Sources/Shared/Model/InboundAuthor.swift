import Native

/// Who wrote a message of a group. The group is the conversation; this is one of those in it.
package struct InboundAuthor: Sendable, Equatable {
    /// nil where the sender does not tell. Never where a reply goes.
    package var address: ContactAddress?
    /// Other addresses of the same person, where known.
    package var otherAddresses: [ContactAddress]
    /// Cut to 255 characters.
    package var name: String?
    /// Whether the message mentions us or quotes one of ours: see `GroupPolicy.isToUs`.
    package var isToUs: Bool

    package init(
        address: ContactAddress?, otherAddresses: [ContactAddress] = [], name: String? = nil, isToUs: Bool = false
    ) {
        self.address = address
        self.otherAddresses = otherAddresses
        self.name = name?.cut(toScalars: 255)
        self.isToUs = isToUs
    }

    /// The phone in digits where known, else an address.
    package var contact: String? {
        address?.phone ?? otherAddresses.lazy.compactMap(\.phone).first ?? address?.rawValue
    }
}

extension InboundAuthor {
    /// Writes the author as an object; `init(json:)` reads it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("address", ifPresent: address?.rawValue)
        if !otherAddresses.isEmpty {
            json.key("other_addresses")
            json.beginArray()
            for address in otherAddresses { json.value(address.rawValue) }
            json.endArray()
        }
        json.field("name", ifPresent: name)
        json.field("is_to_us", isToUs)
        json.endObject()
    }

    @LoopActor package init(json: JSONElement) {
        self.init(
            address: json["address"]?.string.flatMap(ContactAddress.init(rawValue:)),
            otherAddresses: json["other_addresses"]?.items.compactMap {
                $0.string.flatMap(ContactAddress.init(rawValue:))
            } ?? [],
            name: json["name"]?.string, isToUs: json["is_to_us"]?.bool ?? false)
    }
}
