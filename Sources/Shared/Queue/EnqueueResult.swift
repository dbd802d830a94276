/// What became of a job that was to be enqueued. None of these is an error.
package enum EnqueueResult: Sendable, Equatable {
    /// It is in the queue and survives what Redis survives.
    case accepted
    /// Seen before; that job's id.
    case duplicate(of: JobID)
    /// No room. Nothing was changed.
    case full(Bound)

    package enum Bound: String, Sendable {
        case lane, tenant
        /// Redis is nearly full, and this lane is refused by now.
        case memory
        /// The conversation, within its lane.
        case group
    }
}
