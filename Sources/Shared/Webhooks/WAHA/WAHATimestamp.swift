import Native

/// WAHA's times: seconds in messages, milliseconds in events; some engines write the one where others write the other.
@LoopActor enum WAHATimestamp {
    /// As seconds this is the year 5138, as milliseconds 1973.
    private static let leastMilliseconds = 100_000_000_000

    /// nil when the value is no time between 1970 and 9999.
    static func read(_ value: JSONElement) -> WallTime? {
        let fraction = value.double.flatMap { Int(exactly: $0.rounded(.down)) }
        guard let number = value.int ?? fraction ?? value.string.flatMap(Int.init), number >= leastMilliseconds else {
            return BaileysTimestamp.read(value)
        }
        return number < 253_402_300_800_000 ? WallTime(milliseconds: Int64(number)) : nil
    }
}
