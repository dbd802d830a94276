import Native

/// One message from a contact, whichever sender it came from.
///
/// A class, because each step of an answer under way would hold copies of the value, 400 bytes each.
package final class InboundMessage: Sendable {
    /// A business's id, or a `BusinessAlias` in place of one.
    package let tenant: String
    package let provider: ProviderName
    /// Where the reply goes: the address received.
    package let address: ContactAddress
    /// Other addresses of the same contact, where known: `@lid` and phone belong together.
    package let otherAddresses: [ContactAddress]
    /// Who the conversation is with: the phone in digits where known, else the address received. The same for every
    /// provider that tells the phone.
    package let contact: String
    /// nil of a group: that is not one person's. Cut to 255 characters.
    package let contactName: String?
    /// Of a group's message; nil elsewhere.
    package let author: InboundAuthor?
    /// The provider's id of the message: `key.id`, `MessageSid`, `wamid`.
    package let messageID: String
    package let kind: MessageKind
    /// Text, caption, or the title of the chosen button; nil where there is none.
    package let text: String?
    /// Of a picture, voice message, video, document or sticker.
    package let media: InboundMedia?
    /// What the same message holds beside `media`, in order. Only Twilio sends several at once.
    package let moreMedia: [InboundMedia]
    /// What a chosen button or list row is called in the program that offered it; `text` is what the contact saw.
    /// Cut to 1024 characters.
    package let choiceID: String?
    /// The provider's id of the message that this one quotes; nil where what was told is no `MessageIdentifier`.
    package let quotedID: String?
    /// When the contact sent it.
    package let sentAt: WallTime

    package init(
        tenant: String, provider: ProviderName, address: ContactAddress, otherAddresses: [ContactAddress] = [],
        contactName: String?, author: InboundAuthor? = nil, messageID: String, kind: MessageKind, text: String?,
        media: InboundMedia? = nil, moreMedia: [InboundMedia] = [],
        choiceID: String? = nil, quotedID: String? = nil, sentAt: WallTime
    ) {
        self.tenant = tenant
        self.provider = provider
        self.address = address
        self.otherAddresses = otherAddresses
        self.contactName = contactName?.cut(toScalars: 255)
        self.author = author
        self.messageID = messageID
        self.kind = kind
        self.text = text
        self.media = media
        self.moreMedia = moreMedia
        self.choiceID = choiceID?.cut(toScalars: 1024)
        self.quotedID = quotedID.flatMap { MessageIdentifier.isValid($0) ? $0 : nil }
        self.sentAt = sentAt
        // A group is a conversation of its own, whoever's phone is known beside it.
        let phone = address.isGroup ? nil : address.phone ?? otherAddresses.lazy.compactMap(\.phone).first
        contact = phone ?? address.rawValue
    }

    /// What makes a repeat a repeat. The parts cannot contain the separator.
    package var dedupeKey: [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(128)
        for part in [tenant, provider.rawValue, contact, messageID] {
            if !key.isEmpty { key.append(UInt8(ascii: "|")) }
            key.append(contentsOf: part.utf8)
        }
        return key
    }
}

extension InboundMessage: Equatable {
    package static func == (a: InboundMessage, b: InboundMessage) -> Bool {
        a === b
            || a.tenant == b.tenant && a.provider == b.provider && a.address == b.address
                && a.otherAddresses == b.otherAddresses && a.contactName == b.contactName && a.author == b.author
                && a.messageID == b.messageID && a.kind == b.kind && a.text == b.text && a.media == b.media
                && a.moreMedia == b.moreMedia && a.choiceID == b.choiceID && a.quotedID == b.quotedID
                && a.sentAt == b.sentAt
    }
}

extension InboundMessage {
    /// The same message, of a business.
    package func owned(by tenant: String) -> InboundMessage {
        InboundMessage(
            tenant: tenant, provider: provider, address: address, otherAddresses: otherAddresses,
            contactName: contactName, author: author, messageID: messageID, kind: kind, text: text, media: media,
            moreMedia: moreMedia, choiceID: choiceID, quotedID: quotedID, sentAt: sentAt)
    }

    /// Writes the message as a job's payload; `init(payload:)` reads it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("tenant", tenant)
        json.field("provider", provider.rawValue)
        json.field("address", address.rawValue)
        if !otherAddresses.isEmpty {
            json.key("other_addresses")
            json.beginArray()
            for address in otherAddresses { json.value(address.rawValue) }
            json.endArray()
        }
        json.field("contact_name", ifPresent: contactName)
        if let author {
            json.key("author")
            author.write(to: &json)
        }
        json.field("message_id", messageID)
        json.field("kind", kind.rawValue)
        json.field("text", ifPresent: text)
        if let media {
            json.key("media")
            media.write(to: &json)
        }
        if !moreMedia.isEmpty {
            json.key("more_media")
            json.beginArray()
            for media in moreMedia { media.write(to: &json) }
            json.endArray()
        }
        json.field("choice_id", ifPresent: choiceID)
        json.field("quoted_id", ifPresent: quotedID)
        json.field("sent_at", Int(sentAt.milliseconds))
        json.endObject()
    }

    /// nil when the payload is not one that `write` made.
    @LoopActor package convenience init?(payload: JSONElement) {
        guard let tenant = payload["tenant"]?.string,
            let provider = payload["provider"]?.string.flatMap(ProviderName.init(rawValue:)),
            let address = payload["address"]?.string.flatMap(ContactAddress.init(rawValue:)),
            let messageID = payload["message_id"]?.string,
            let kind = payload["kind"]?.string.flatMap(MessageKind.init(rawValue:)),
            let sentAt = payload["sent_at"]?.int
        else { return nil }
        self.init(
            tenant: tenant, provider: provider, address: address,
            otherAddresses: payload["other_addresses"]?.items.compactMap {
                $0.string.flatMap(ContactAddress.init(rawValue:))
            } ?? [],
            contactName: payload["contact_name"]?.string, author: payload["author"].map(InboundAuthor.init(json:)),
            messageID: messageID, kind: kind,
            text: payload["text"]?.string, media: payload["media"].map(InboundMedia.init(json:)),
            moreMedia: payload["more_media"]?.items.map(InboundMedia.init(json:)) ?? [],
            choiceID: payload["choice_id"]?.string, quotedID: payload["quoted_id"]?.string,
            sentAt: WallTime(milliseconds: Int64(sentAt)))
    }
}
