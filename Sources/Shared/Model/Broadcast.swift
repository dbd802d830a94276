import Native

/// One text of a business's for many contacts: a row of `broadcasts`.
package struct Broadcast: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        /// Its recipients are not all there yet; it never goes out so.
        case draft
        case scheduled, running, done, cancelled
    }

    /// Of one contact.
    package enum RecipientStatus: String, Sendable, CaseIterable {
        case pending, queued, sent, failed
        case optedOut = "opted_out"
    }

    /// Unique in its business.
    package var id: Int
    package var business: String
    package var name: String
    package var body: String
    /// nil: the business's, in their order.
    package var provider: ProviderName?
    package var status: Status
    package var scheduledAt: WallTime?
    package var startedAt: WallTime?
    package var finishedAt: WallTime?
    /// How many contacts are how far. None where there is none.
    package var recipients: [RecipientStatus: Int]

    package init(
        id: Int, business: String, name: String, body: String, provider: ProviderName? = nil, status: Status,
        scheduledAt: WallTime? = nil, startedAt: WallTime? = nil, finishedAt: WallTime? = nil,
        recipients: [RecipientStatus: Int] = [:]
    ) {
        self.id = id
        self.business = business
        self.name = name
        self.body = body
        self.provider = provider
        self.status = status
        self.scheduledAt = scheduledAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.recipients = recipients
    }

    /// Contacts in all.
    package var size: Int { recipients.values.reduce(0, +) }
}
