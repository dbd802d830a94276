import Native
import Shared

/// What is to be done with one recipient's part of a broadcast.
enum BroadcastRule {
    enum Verdict: Equatable, Sendable {
        case send
        /// There is nothing to do any more.
        case drop
        case optedOut
        case wait(Duration, reason: String)
    }

    /// For a business that is paused, or whose quiet hours end after longer than this: it is looked at again.
    static let pause: Duration = .seconds(300)

    /// - Parameter hasBegun: a part of the text may be out already: then it is sent to its end, or found.
    static func verdict(_ item: BroadcastStore.Item, _ business: Business, hasBegun: Bool) -> Verdict {
        if item.recipient == .sent { return hasBegun ? .send : .drop }
        if hasBegun { return .send }
        if item.broadcast == .cancelled || business.status == .disabled { return .drop }
        if item.isOptedOut { return .optedOut }
        if business.status == .paused { return .wait(pause, reason: "business is paused") }
        if let left = business.settings.quietHours?.left(at: item.minuteOfDay) {
            return .wait(min(left, pause), reason: "quiet hours")
        }
        return .send
    }
}
