import Native
import Shared

/// How long the bot keeps still after a person has written on the phone.
enum QuietTime {
    /// `quiet_minutes` of a business that sets none.
    static let standardMinutes = 30
    /// A year.
    private static let mostMinutes = 525_600

    static func length(_ settings: BusinessSettings) -> Duration {
        .seconds(60 * min(max(0, settings.quietMinutes ?? standardMinutes), mostMinutes))
    }

    /// What is left of it; nil: nothing. One that is told of late has begun when it was written.
    static func left(of settings: BusinessSettings, since written: WallTime, now: WallTime) -> Duration? {
        let age = max(0, now.milliseconds - written.milliseconds)
        let left = length(settings) - .milliseconds(age)
        return left > .zero ? left : nil
    }

    /// How long a text of ours must be known as ours: as long as it could silence us when it comes back, and what a clock
    /// may differ.
    static func keptFor(_ settings: BusinessSettings) -> Duration { length(settings) + .seconds(600) }
}
