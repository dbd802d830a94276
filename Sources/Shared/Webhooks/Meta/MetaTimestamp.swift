import Native

/// `timestamp`: seconds since 1970, as text.
@LoopActor enum MetaTimestamp {
    /// nil when it is none, or before 1970 or after 9999. A number is taken as well.
    static func read(_ value: JSONElement?) -> WallTime? {
        guard let seconds = value?.string.flatMap({ Int($0) }) ?? value?.int, (0...253_402_300_799).contains(seconds)
        else { return nil }
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }
}
