/// What the queue did and should not have done.
struct Violation: Error, Equatable, Sendable {
    enum Kind: String, Sendable {
        /// A call answered something else than the model.
        case answer
        /// A stale token had an effect, or was taken for a live one.
        case stale
        /// A second sending, or a call that should have changed nothing, changed something.
        case change
        /// Jobs of a group out of the order of acceptance.
        case order
        /// Two live leases of a group.
        case leases
        case token
        /// An accepted job that never ends, or ended twice.
        case vanished
        /// The keys contradict each other: what the oracle finds.
        case keys
        /// The keys are sound and not what the model says.
        case state
        /// A tenant waited for more than one turn.
        case turn
        /// Work is ready and a worker waits that was not told.
        case wake
        /// Keys of jobs when there are none.
        case leftovers
    }

    let kind: Kind
    let what: String
}
