import Native
import Shared

/// What stands behind `/webhook/evolution`: a business, and the event that Evolution appends when its webhook is set to
/// `byEvents`. The event is read in the body; here it only must not be taken for a business.
struct EvolutionPath: Equatable, Sendable {
    /// nil: the path names none, and the body's instance decides.
    var tenant: String?

    /// A single word that is an event's name is that event, never a business. Of two words the first is the business,
    /// whatever it is called, and the second an event, also one that is newer than our list.
    init(_ first: String?, _ second: String?) {
        switch (first, second) {
        case (let first?, .some): tenant = first
        case (let word?, nil) where !EvolutionEvent.names.contains(word): tenant = word
        default: break
        }
    }

    init(_ words: PathWords) { self.init(words[optional: "tenant"], words[optional: "event"]) }
}
