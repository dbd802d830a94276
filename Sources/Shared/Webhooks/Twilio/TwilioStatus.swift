import Native

/// Reads a status callback of Twilio's. They come unordered and repeated. Statuses: Twilio's "Message resource".
enum TwilioStatus {
    static func event(_ form: URLEncodedForm, tenant: String, at time: WallTime) -> InboundEvent {
        guard let id = TwilioNormalizer.messageID(form) else {
            return .rejected("MessageSid must be \(MessageIdentifier.rule)")
        }
        guard let status = DeliveryStatus(twilio: form["MessageStatus"] ?? form["SmsStatus"] ?? "") else {
            return .ignored(.technical)
        }
        return .receipt(
            DeliveryReceipt(
                tenant: tenant, provider: .twilio, providerMessageID: id, status: status, at: time,
                error: status == .failed ? error(form) : nil))
    }

    /// `63016: Failed to send freeform message …`
    private static func error(_ form: URLEncodedForm) -> String? {
        let words = [form["ErrorCode"], form["ErrorMessage"] ?? form["ChannelStatusMessage"]].compactMap { $0 }
            .filter { !$0.isEmpty }
        return words.isEmpty ? form["MessageStatus"] : words.joined(separator: ": ")
    }
}
