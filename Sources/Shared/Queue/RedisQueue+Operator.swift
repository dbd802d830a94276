import Native

/// What an operator does with a conversation. Redis decides at once; the row in Postgres follows by a job.
extension RedisQueue {
    /// Takes the conversation from the bot, in place of whatever stands.
    ///
    /// - Parameter duration: nil: until it is given back.
    package func take(
        _ contact: String, of business: String, for duration: Duration?
    ) async throws(QueueError) -> Handover {
        let handover = try await handOver(
            ConversationID(contact), of: TenantID(business), to: .operator, for: duration, replaces: true)
        try await write(HandoverJob(business: business, contact: contact, handover, now: .now()))
        return handover
    }

    /// The bot has it again.
    package func giveBack(_ contact: String, of business: String) async throws(QueueError) {
        try await handBack(ConversationID(contact), of: TenantID(business))
        try await write(HandoverJob(business: business, contact: contact, nil, now: .now()))
    }

    /// A queue that is full loses the row's change only: it is for people to see.
    private func write(_ change: HandoverJob) async throws(QueueError) {
        _ = try await enqueue(change.job(Hex.encode(randomBytes(8))))
    }
}

extension Handover? {
    /// `"status":"human","by":"operator","until":"…"`; `null` until it is given back.
    package func write(to json: inout JSONWriter, now: WallTime) {
        json.field("status", self == nil ? "bot" : "human")
        guard let self else { return }
        json.field("by", self.cause.rawValue)
        json.key("until")
        if let left = self.left {
            json.value(Timestamp.text(WallTime(milliseconds: now.milliseconds + Int64(left.milliseconds))))
        } else {
            json.null()
        }
    }
}
