/// What a provider says of a business's number before anything is sent through it.
package enum SendAbility: Equatable, Sendable {
    case able
    /// It works, and cannot send for this business now; or it did not answer a moment ago.
    case unable
    /// It was asked and did not answer, or said that it is broken.
    case silent
}
