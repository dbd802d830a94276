import Native
import Shared

/// How a job ended. Retrying and giving up are results, not errors.
enum JobOutcome: Sendable {
    /// Finished. `memory` is appended to the conversation's memory and `followOn` enqueued in the same step.
    case done(memory: [[UInt8]] = [], followOn: [Job] = [])
    /// Comes back. `refund`: the attempt does not count, because the fault was an outage and not the job's.
    case retry(after: Duration?, reason: String, refund: Bool)
    /// Dead: an operator sees it and can replay it. `following`, if any, is enqueued in the same step, and its row comes
    /// behind that.
    case giveUp(reason: String, following: [Job] = [])
    /// The lease is somebody else's. Nothing may be written or sent any more.
    case lost

    var isDone: Bool { if case .done = self { true } else { false } }
}

/// The lease was lost: whoever gets this stops at once.
struct LeaseLost: Error, Equatable {}
