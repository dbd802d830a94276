import Native

/// Reads the form of Twilio's WhatsApp webhooks: messages, and the callbacks that tell how a message of ours fares.
///
/// What a form is follows from its fields and not from the path it came by, so that a URL in the wrong box of Twilio's
/// console loses nothing. Fields: Twilio's "Messaging webhooks" and "Use WhatsApp with Twilio"; more come unannounced.
package enum TwilioNormalizer {
    /// - Parameters:
    ///   - tenant: whose number sent or received it.
    ///   - receivedAt: stands for the time of the event, which Twilio does not tell.
    package static func event(_ form: URLEncodedForm, tenant: String, receivedAt: WallTime) -> InboundEvent {
        isStatus(form)
            ? TwilioStatus.event(form, tenant: tenant, at: receivedAt)
            : message(form, tenant: tenant, receivedAt: receivedAt)
    }

    /// The business's own number as Twilio writes it, without `whatsapp:`: `To` of a message, `From` of a status.
    /// nil when the form has none.
    package static func businessNumber(_ form: URLEncodedForm) -> String? {
        let number = form[isStatus(form) ? "From" : "To"].map(TwilioAddress.withoutChannel)
        return number.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Of a message that a contact wrote, `SmsStatus` is `received`; `MessageStatus` is absent.
    static func isStatus(_ form: URLEncodedForm) -> Bool {
        guard let status = form["MessageStatus"] ?? form["SmsStatus"] else { return false }
        return status != "received" && status != "receiving"
    }

    /// By which field Twilio names a message.
    static func messageID(_ form: URLEncodedForm) -> String? {
        let id = form["MessageSid"] ?? form["SmsMessageSid"] ?? form["SmsSid"]
        return id.flatMap { MessageIdentifier.isValid($0) ? $0 : nil }
    }

    private static func message(_ form: URLEncodedForm, tenant: String, receivedAt: WallTime) -> InboundEvent {
        guard let id = messageID(form) else { return .rejected("MessageSid must be \(MessageIdentifier.rule)") }
        guard let from = form["From"] ?? form["ExternalUserId"] else { return .rejected("From is missing") }
        // A text message, or Messenger: not what we answer.
        guard from.hasPrefix("whatsapp:") || form["ExternalUserId"] != nil else { return .ignored(.technical) }
        // A number that writes to itself would be answered by itself.
        if from == form["To"] { return .ignored(.own) }
        let addresses = addresses(form)
        guard let address = addresses.first else { return .rejected("From must be an address of WhatsApp") }
        guard form["MessageType"] != "reaction" else { return .ignored(.reaction) }
        let content = TwilioContent(form)
        return .message(
            InboundMessage(
                tenant: tenant, provider: .twilio, address: address, otherAddresses: Array(addresses.dropFirst()),
                contactName: form["ProfileName"].flatMap { $0.isEmpty ? nil : $0 }, messageID: id, kind: content.kind,
                text: content.text, media: content.media.first, moreMedia: Array(content.media.dropFirst()),
                choiceID: content.choiceID,
                quotedID: form["OriginalRepliedMessageSid"], sentAt: receivedAt))
    }

    /// Where the contact is reached, the address received first: `From`, as Twilio wrote it, where it is a phone, else
    /// the user id of Meta's.
    private static func addresses(_ form: URLEncodedForm) -> [ContactAddress] {
        let from = form["From"].flatMap { ContactAddress(rawValue: $0) }
        let waID = form["WaId"].flatMap { ContactAddress(rawValue: $0) }
        let fromPhone = from?.phone, waPhone = waID?.phone
        let phones = [fromPhone == nil ? nil : from, waPhone == nil || waPhone == fromPhone ? nil : waID]
        let userIDs = [form["ExternalUserId"], fromPhone == nil ? form["From"] : nil].map { text in
            text.flatMap { ContactAddress(rawValue: TwilioAddress.withoutChannel($0)) }.flatMap {
                $0.isBusinessScopedID ? $0 : nil
            }
        }
        var kept: [ContactAddress] = []
        for case let address? in fromPhone == nil ? userIDs + phones : phones + userIDs where !kept.contains(address) {
            kept.append(address)
        }
        // An address of a form we do not know is still one to keep.
        return kept.isEmpty ? [from].compactMap { $0 } : kept
    }
}
