import Native
import Shared

/// Puts dead jobs back into the queue.
///
/// The queue first, then the row: a crash between the two leaves a row that still waits, and its replay finds that the
/// queue has the job already. Of two operators at once only one puts it back, for the same reason.
@LoopActor struct DeadReplay {
    let store: DeadJobStore
    let queue: RedisQueue

    /// Tries of a step that Redis did not confirm; a repeat changes nothing.
    private static let tries = 3

    func replay(_ dead: DeadJob, at time: WallTime = .now()) async -> DeadOutcome.Kind {
        if dead.replayedAt != nil { return .replayedBefore }
        guard let job = dead.job else { return .failed("its queue or its business is unknown", isOutage: false) }
        do throws(QueueError) {
            switch try await put(job, dead, time) {
            case .full(let bound): return .full(bound)
            case .accepted, .replayedBefore: return await mark(dead, time)
            // Marked now, it would be lost from sight when the worker's last step follows.
            case .stands: return .standing
            }
        } catch {
            return .failed(error.told, isOutage: error.isOutage)
        }
    }

    private func put(_ job: Job, _ dead: DeadJob, _ time: WallTime) async throws(QueueError) -> ReplayResult {
        let steps = dead.steps.merging([Job.replayedStep: "\(time.milliseconds)"]) { $1 }
        var tries = Self.tries
        while true {
            do throws(QueueError) {
                return try await queue.replay(job, steps: steps, dedupe: dead.death)
            } catch {
                tries -= 1
                guard case .unknownOutcome = error, tries > 0 else { throw error }
            }
        }
    }

    /// A row that was marked by somebody else, or is of a later death already, is no failure: the job is in the queue.
    private func mark(_ dead: DeadJob, _ time: WallTime) async -> DeadOutcome.Kind {
        do throws(StoreError) {
            _ = try await store.markReplayed(dead, at: time)
            return .replayed
        } catch {
            return .failed(
                "it is in the queue again, but its row could not be marked: \(error.told). The same command again marks it",
                isOutage: error.isOutage)
        }
    }
}

extension QueueError {
    /// Whether the next job would fail too.
    fileprivate var isOutage: Bool {
        switch self {
        case .unavailable, .unknownOutcome, .memoryFull: true
        case .leaseLost, .rejected: false
        }
    }
}
