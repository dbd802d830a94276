/// How fast a business's broadcasts go out: evenly, so that a provider sees no burst.
package enum BroadcastPace {
    /// `broadcasts_per_minute` of a business that sets none.
    package static let standard = 60
    package static let range = 1...6000
    /// Ticks of `scheduled_broadcasts`.
    package static let ticksPerMinute = 6

    /// How many texts may begin with a tick: over any minute they are as many as asked for.
    ///
    /// - Parameters:
    ///   - perMinute: taken into `range`.
    ///   - tick: numbered without a gap, 0 or more.
    package static func count(perMinute: Int, tick: Int) -> Int {
        let pace = min(max(perMinute, range.lowerBound), range.upperBound), place = tick % ticksPerMinute
        return pace * (place + 1) / ticksPerMinute - pace * place / ticksPerMinute
    }
}
