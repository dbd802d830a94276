/// What became of a dead job that was to be put back. None of these is an error.
package enum ReplayResult: Sendable, Equatable {
    /// It is in the queue.
    case accepted
    /// This replay of this death was made before.
    case replayedBefore
    /// It never left its group: it is on its way to the dead, or runs again. Nothing was changed.
    case stands
    /// No room. Nothing was changed.
    case full(EnqueueResult.Bound)
}
