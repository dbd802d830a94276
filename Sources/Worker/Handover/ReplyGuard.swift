import Native
import Shared

/// Sees to it that the bot does not speak over a person, nor on and on with another program.
@LoopActor struct ReplyGuard {
    let queue: RedisQueue
    let log: Log

    /// `replies_per_minute` of a business that sets none.
    nonisolated static let standardReplies = 20
    /// After which a contact that only sent our own texts back is answered again.
    nonisolated static let loopPause: Duration = .seconds(600)

    /// Asked before anything is done for an answer. nil: go on.
    ///
    /// Twice for the same job counts one reply.
    func silence(
        for message: InboundMessage, _ business: Business, _ job: LeasedJob, _ memory: [ChatMessage]
    ) async throws(LeaseLost) -> Silence? {
        let isReplay = job.checkpoint[Job.replayedStep] != nil
        let most = isReplay ? 0 : business.settings.repliesPerMinute ?? Self.standardReplies
        let queue = queue, group = job.lease.group, id = job.job.id
        let admission = try await QueueError.repeated { () throws(QueueError) in
            try await queue.admit(group, id, most: most)
        }
        switch admission {
        case .taken(let handover): return .taken(handover)
        case .tooMany(let isFirst):
            report(message, Silence.tooMany, isFirst)
            return .tooMany
        case .go: break
        }
        guard !isReplay, EchoRule.isLoop(message.text, after: memory) else { return nil }
        guard let conversation = job.job.conversation else { return nil }
        let tenant = job.job.tenant
        _ = try await QueueError.repeated { () throws(QueueError) in
            try await queue.handOver(conversation, of: tenant, to: .loop, for: Self.loopPause, replaces: false)
        }
        report(message, Silence.echo, true)
        return .echo
    }

    private func report(_ message: InboundMessage, _ silence: Silence, _ isFirst: Bool) {
        guard isFirst else { return }
        log.warning(
            .loopGuard, "Contact is not answered for a while",
            [
                .business: .text(message.tenant), .conversation: .masked(message.contact),
                .reason: .text(silence.reason),
            ])
    }
}
