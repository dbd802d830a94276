import Native

/// A conversation that was taken from the bot: its messages are stored and not answered.
package struct Handover: Sendable, Equatable {
    package enum Cause: String, Sendable, CaseIterable {
        /// By the CLI or the admin API.
        case `operator`
        /// By typing on the phone, or another device of the business's number.
        case phone
        /// By itself: the contact only sends our own texts back.
        case loop
    }

    package let cause: Cause
    /// nil: until it is given back.
    package let left: Duration?

    package init(cause: Cause, left: Duration?) {
        self.cause = cause
        self.left = left
    }

    /// What the scripts tell: a name, and ms or a negative number.
    @LoopActor init?(_ name: RedisValue?, _ left: RedisValue?) {
        guard let name = name?.text, let ms = left?.int, ms != -2 else { return nil }
        // A name newer than this program is somebody all the same.
        cause = Cause(rawValue: name) ?? .operator
        self.left = ms < 0 ? nil : .milliseconds(ms)
    }
}
