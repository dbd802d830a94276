import Native

/// Wall-clock time as people and log readers write it.
package enum Timestamp {
    /// `2026-11-20T17:31:00.123Z` (RFC 3339), for years 0 to 9999.
    package static func text(_ time: WallTime) -> String {
        var bytes: [UInt8] = []
        append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the same.
    static func append(_ time: WallTime, to bytes: inout [UInt8]) {
        let (day, millisecond) = divide(time.milliseconds, by: 86_400_000)
        let (year, month, dayOfMonth) = date(day: day)
        let second = millisecond / 1000
        bytes.append(addingCapacity: 48) { text in
            text.append(year, 4, before: "-")
            text.append(month, 2, before: "-")
            text.append(dayOfMonth, 2, before: "T")
            text.append(second / 3600, 2, before: ":")
            text.append(second / 60 % 60, 2, before: ":")
            text.append(second % 60, 2, before: ".")
            text.append(millisecond % 1000, 3, before: "Z")
        }
    }

    /// Civil date of a day number since 1970-01-01; proleptic Gregorian. Days are counted from 1 March of year 0, so
    /// that the leap day is the last of its year.
    private static func date(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = divide(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// Quotient rounded down, and the remainder, which is never negative.
    private static func divide(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let remainder = ((value % divisor) + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func append(_ number: Int64, _ width: Int, before mark: Unicode.Scalar) {
        append(decimal: Int(number), width: width)
        append(UInt8(ascii: mark))
    }
}
