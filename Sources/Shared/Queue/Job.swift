import Native

/// A unit of work as the queue keeps it.
package struct Job: Sendable, Equatable {
    /// The recorded step of a job that an operator replayed: when, ms since 1970.
    package static let replayedStep = "replayed"
    /// Bytes. What is larger, as media, is passed by reference.
    package static let largestPayload = 65_536

    package var id: JobID
    /// The kind of work, a key of the worker's table of handlers.
    package var name: String
    /// Of the payload's form.
    package var version: Int
    package var lane: Lane
    package var tenant: TenantID
    /// nil: in no order with other jobs.
    package var conversation: ConversationID?
    /// By the clock of Redis, ms since 1970; 0 before it was enqueued.
    package var enqueuedAtMS: Int
    /// W3C trace context of whoever enqueued it.
    package var traceparent: String?
    /// JSON. At most `largestPayload`, or it is not enqueued.
    package var payload: [UInt8]
    /// How long it counts as seen once it is enqueued; nil: as long as a message does. Not kept with it.
    package var rememberedFor: Duration?

    package init(
        id: JobID, name: String, version: Int = 1, lane: Lane, tenant: TenantID, conversation: ConversationID?,
        traceparent: String? = nil, payload: [UInt8], rememberedFor: Duration? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.lane = lane
        self.tenant = tenant
        self.conversation = conversation
        self.traceparent = traceparent
        self.payload = payload
        self.rememberedFor = rememberedFor
        enqueuedAtMS = 0
    }

    package func group() throws(QueueError) -> JobGroup {
        try JobGroup(lane: lane, tenant: tenant, conversation: conversation, job: id)
    }
}
