import Native

/// `messageTimestamp`: seconds as a number, as text, or as the `{low, high}` of a 64-bit integer.
@LoopActor enum BaileysTimestamp {
    /// nil when the value is none of these, or before 1970 or after 9999.
    static func read(_ value: JSONElement) -> WallTime? {
        let seconds: Int? =
            if let number = value.int {
                number
            } else if let number = value.double {
                Int(exactly: number.rounded(.down))
            } else if let text = value.string {
                Int(text)
            } else if let low = value["low"]?.int, (-1 << 31..<1 << 32).contains(low) {
                ((value["high"]?.int ?? 0) & 0xFFFF_FFFF) << 32 | (low & 0xFFFF_FFFF)
            } else {
                nil
            }
        guard let seconds, (0...253_402_300_799).contains(seconds) else { return nil }
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }
}
