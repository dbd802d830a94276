import Native
import Shared

/// A job that this worker holds, from its claim to its end.
@LoopActor final class LeasedJob {
    let lease: Lease
    let checkpoint: Checkpoint
    /// Messages that are answered with the job's own, in order.
    var merged: [AnsweredMessage] = []
    /// Texts that are out, in order.
    var sent: [SentText] = []

    private let claimedAt = MonotonicInstant.now()

    init(_ lease: Lease, checkpoint: Checkpoint) {
        self.lease = lease
        self.checkpoint = checkpoint
    }

    var job: Job { lease.job }
    /// This one included; 1 or more.
    var attempt: Int { lease.attempts }
    /// What the job answers: its own message first.
    func answered(_ message: InboundMessage) -> [AnsweredMessage] {
        [AnsweredMessage(message: message, job: job.id, acceptedAtMS: job.enqueuedAtMS, firstMedia: 0)] + merged
    }

    /// Since it was enqueued.
    var age: Duration { lease.wait + (MonotonicInstant.now() - claimedAt) }
    /// Since it was claimed.
    var duration: Duration { MonotonicInstant.now() - claimedAt }
}

/// A text that a contact has got.
struct SentText: Equatable, Sendable {
    let kind: MessageKind
    let part: Int
    let text: String
    let step: SendStep
    /// From the acceptance of the message.
    let after: Duration
}
