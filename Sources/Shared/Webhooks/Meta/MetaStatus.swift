import Native

/// Reads one of Meta's `statuses`. They come unordered and repeated.
@LoopActor enum MetaStatus {
    static func event(_ status: JSONElement, tenant: String, _ place: @autoclosure () -> String) -> InboundEvent {
        guard let name = status["status"]?.string else { return .rejected("\(place()).status must be a string") }
        // `deleted` and `warning` do not say how far the message has come.
        guard let state = state(name) else { return .ignored(.technical) }
        guard let id = status["id"]?.string, MessageIdentifier.isValid(id) else {
            return .rejected("\(place()).id must be \(MessageIdentifier.rule)")
        }
        guard let at = MetaTimestamp.read(status["timestamp"]) else {
            return .rejected("\(place()).timestamp must be seconds since 1970")
        }
        return .receipt(
            DeliveryReceipt(
                tenant: tenant, provider: .meta, providerMessageID: id, status: state, at: at,
                // What another program put there is none of ours.
                ownID: status["biz_opaque_callback_data"]?.string.flatMap { OutboundID.isOurs($0) ? $0 : nil },
                error: state == .failed ? error(status["errors"]?.items.first) : nil))
    }

    private static func state(_ name: String) -> DeliveryStatus? {
        switch name {
        case "sent": .sent
        case "delivered": .delivered
        // A voice message that was listened to.
        case "read", "played": .read
        case "failed": .failed
        default: nil
        }
    }

    /// `131026: Message undeliverable`
    private static func error(_ error: JSONElement?) -> String? {
        guard let error else { return nil }
        let words = [error["code"]?.int.map(String.init), error["title"]?.string ?? error["message"]?.string]
            .compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ": ")
    }
}
