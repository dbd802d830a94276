import Native
import Shared

/// The recorded steps of one job, kept with it in Redis, so that a worker that takes over a dead one's job goes on
/// where it stopped.
@LoopActor final class Checkpoint {
    /// Records steps, and with them that a text is about to be sent; whoever has taken the conversation is told in place of it.
    typealias Write = @LoopActor (_ steps: [String: String], Speech?) async throws(QueueError) -> Handover?

    private var steps: [String: String]
    private let write: Write
    private let leaseDeadline: @LoopActor () -> MonotonicInstant?

    /// - Parameters:
    ///   - steps: what former attempts recorded.
    ///   - leaseDeadline: until when the lease is surely held; nil when it is lost.
    ///   - write: records steps in the queue.
    init(
        _ steps: [String: String], leaseDeadline: @escaping @LoopActor () -> MonotonicInstant?,
        write: @escaping Write
    ) {
        self.steps = steps
        self.leaseDeadline = leaseDeadline
        self.write = write
    }

    /// Whether the lease is ours as far as we know, also past its deadline.
    var holdsLease: Bool { leaseDeadline() != nil }

    subscript(step: String) -> String? { steps[step] }

    /// Every step and its value.
    var recorded: [String: String] { steps }

    /// Call before anything that others notice. Returns while the lease is surely held.
    ///
    /// A deadline that has passed is no loss by itself: Redis, or this process, may have been away. The next heartbeat
    /// renews the lease or finds it taken, and that is waited for.
    func requireLease() async throws(LeaseLost) {
        while !Task.isCancelled, let deadline = leaseDeadline() {
            if deadline > .now() { return }
            // Ends early only when the lease is lost, and then the loop does.
            try? await LoopActor.loop.sleep(for: QueueError.pause)
        }
        throw LeaseLost()
    }

    /// Of a step that the queue recorded together with something else.
    func note(_ step: String, _ value: String) { steps[step] = value }

    /// Returns once the step is recorded. While Redis is down it waits, because what follows may not happen unrecorded.
    ///
    /// - Parameter speech: the text that is sent next.
    /// - Returns: who has taken the conversation, so that the text is not to be sent; then nothing is recorded.
    @discardableResult
    func record(_ step: String, _ value: String, saying speech: Speech? = nil) async throws(LeaseLost) -> Handover? {
        let write = write
        let handover = try await QueueError.repeated { () throws(QueueError) in try await write([step: value], speech) }
        if handover == nil { steps[step] = value }
        return handover
    }
}
