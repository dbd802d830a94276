import Native

/// A message of ours of which no more is known than that its provider took it.
package struct UnreceiptedMessage: Sendable, Equatable {
    package let business: String
    package let provider: ProviderName
    package let providerMessageID: String
    /// Every one that the contact was seen under, in no order.
    package let addresses: [ContactAddress]
    /// Where it stands among the others.
    let place: Place

    /// Ours, in their order: by time, and business and number where that is the same.
    package struct Place: Sendable, Equatable {
        /// As Postgres writes it, to the microsecond.
        let sentAt: String
        let business: String
        let id: Int
    }

    /// nil for a provider that only a later program knows.
    init?(_ row: PostgresRow) {
        guard let provider = ProviderName(rawValue: row.string("provider")) else { return nil }
        business = row.string("business_id")
        self.provider = provider
        providerMessageID = row.string("provider_message_id")
        addresses = row.textArray("addresses").compactMap { ContactAddress(rawValue: $0) }
        place = Self.place(row)
    }

    static func place(_ row: PostgresRow) -> Place {
        Place(sentAt: row.string("place"), business: row.string("business_id"), id: row.int("id"))
    }
}

extension MessageStore {
    /// One page of what was sent in that time and stayed `sent`, oldest first, through providers that can be asked. What a
    /// person typed is left out. Nil as the next place: there is no more.
    ///
    /// - Parameter last: the page before ended there; nil at the first.
    package func unreceipted(
        sentIn window: Range<WallTime>, after last: UnreceiptedMessage.Place?, limit: Int
    ) async throws(StoreError) -> (messages: [UnreceiptedMessage], next: UnreceiptedMessage.Place?) {
        let rows = try await pool.run(
            Self.unreceiptedStatement,
            [
                .time(window.lowerBound), .time(window.upperBound),
                last.map { .text($0.sentAt) } ?? .time(window.lowerBound), .text(last?.business ?? ""),
                .int(last?.id ?? 0), .int(limit),
            ])
        let next = rows.count < limit ? nil : rows.last.map(UnreceiptedMessage.place)
        return (rows.compactMap(UnreceiptedMessage.init), next)
    }

    /// Its index is `messages_unreceipted`. Meta tells by webhook only.
    private static let unreceiptedStatement = """
        SELECT m.id, m.business_id, m.provider, m.provider_message_id, m.sent_at::text AS place,
            ARRAY(SELECT jsonb_object_keys(c.addresses)) AS addresses
        FROM messages m JOIN conversations c ON c.business_id = m.business_id AND c.id = m.conversation_id
        WHERE m.direction = 'out' AND m.status = 'sent' AND m.sent_at >= $1 AND m.sent_at < $2
            AND (m.sent_at, m.business_id, m.id) > ($3::timestamptz, $4, $5)
            AND m.provider <> 'meta' AND m.kind <> 'person' AND m.provider_message_id IS NOT NULL
        ORDER BY m.sent_at, m.business_id, m.id LIMIT $6
        """
}
