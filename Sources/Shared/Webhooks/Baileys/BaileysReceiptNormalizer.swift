import Native

/// Reads the body of `POST /webhook/whatsapp/receipts`: `updates` holds items of Baileys' `messages.update`, which tells of
/// chats with one contact, and of `message-receipt.update`, which tells of groups.
@LoopActor package enum BaileysReceiptNormalizer {
    /// - Parameter arrival: stands in for a time that is not told.
    /// - Throws: `.unexpected` when the body as a whole has another shape, with what and where.
    package static func normalize(
        _ root: JSONElement, defaultTenant: String?, arrival: WallTime
    ) throws(JSONError) -> [InboundEvent] {
        let tenant = try BaileysEnvelope.tenant(root, default: defaultTenant)
        guard let updates = root["updates"], updates.isArray else { throw .unexpected("updates must be an array") }
        return try BaileysEnvelope.items(updates, "updates").enumerated().map { index, item in
            event(item, tenant: tenant, arrival: arrival, at: "updates[\(index)]")
        }
    }

    private static func event(
        _ item: JSONElement, tenant: String, arrival: WallTime, at place: @autoclosure () -> String
    ) -> InboundEvent {
        guard let key = item["key"], key.isObject else { return .rejected("\(place()).key must be an object") }
        // Of others' messages it is told what we have read ourselves.
        guard key["fromMe"]?.bool == true else { return .ignored(.technical) }
        let reading: Reading
        switch (item["update"], item["receipt"]) {
        case (let update?, _): reading = read(update)
        case (nil, let receipt?): reading = readGroup(receipt)
        case (nil, nil): return .rejected("\(place()).update or .receipt must be an object")
        }
        switch reading {
        case .ignored(let reason): return .ignored(reason)
        case .unreadable(let what): return .rejected("\(place()).\(what)")
        case .status(let status, let time, let error):
            guard let id = key["id"]?.string, MessageIdentifier.isValid(id) else {
                return .rejected("\(place()).key.id must be \(MessageIdentifier.rule)")
            }
            return .receipt(
                DeliveryReceipt(
                    tenant: tenant, provider: .baileys, providerMessageID: id, status: status,
                    at: time ?? arrival, error: error))
        }
    }

    private enum Reading {
        case status(DeliveryStatus, WallTime?, error: String?)
        case ignored(IgnoreReason)
        case unreadable(String)
    }

    /// Edits, revokes, votes, pins and stars are updates too, and have no status.
    private static func read(_ update: JSONElement) -> Reading {
        guard let value = update["status"] else {
            if update["messageStubType"] != nil { return .ignored(.revoke) }
            return .ignored(update["message"] == nil ? .technical : .edit)
        }
        let time = update["messageTimestamp"].flatMap(known)
        switch value.string ?? value.int.map(String.init) {
        case "0", "ERROR": return .status(.failed, time, error: error(update))
        // Nothing that our row would not say: it is written when the message is out.
        case "1", "PENDING": return .ignored(.technical)
        case "2", "SERVER_ACK": return .status(.sent, time, error: nil)
        case "3", "DELIVERY_ACK": return .status(.delivered, time, error: nil)
        case "4", "READ", "5", "PLAYED": return .status(.read, time, error: nil)
        default: return .unreadable("update.status must be 0 to 5 or its name")
        }
    }

    /// Of a group one participant tells; the first one's word counts for all. A gateway may write the times that are not
    /// told yet as 0.
    private static func readGroup(_ receipt: JSONElement) -> Reading {
        func told(_ name: StaticString) -> WallTime? { receipt[name].flatMap(known) }
        if let time = told("readTimestamp") ?? told("playedTimestamp") { return .status(.read, time, error: nil) }
        guard let time = told("receiptTimestamp") else { return .ignored(.technical) }
        return .status(.delivered, time, error: nil)
    }

    /// WhatsApp's code of its refusal, and Baileys' words where it has some: `463: …`.
    private static func error(_ update: JSONElement) -> String {
        let words = update["messageStubParameters"]?.items.prefix(2).compactMap { $0.string ?? $0.int.map(String.init) }
        guard let words, let code = words.first, !code.isEmpty else { return "refused" }
        return words.joined(separator: ": ")
    }

    /// A time that is 0 is not told.
    private static func known(_ time: JSONElement) -> WallTime? {
        BaileysTimestamp.read(time).flatMap { $0.milliseconds > 0 ? $0 : nil }
    }
}
