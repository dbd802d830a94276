/// `timestamptz` as text, in the only form our sessions use: ISO 8601 in UTC.
enum PostgresTime {
    /// `2026-11-20 17:57:45.123+00`. Years 1 to 9999.
    static func text(_ time: WallTime) -> String {
        let (day, millisecond) = time.milliseconds.quotientAndRemainderFloored(by: 86_400_000)
        let (year, month, dayOfMonth) = civil(fromDays: day)
        let second = millisecond / 1000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2)) "
            + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            + ".\(padded(millisecond % 1000, 3))+00"
    }

    /// Nil when `text` is not of that form: `infinity`, years before Christ, another zone.
    /// Digits past the milliseconds are cut off.
    static func parse(_ text: some Sequence<UInt8>) -> WallTime? {
        let bytes = Array(text)
        guard bytes.count >= 22, bytes.suffix(3) == Array("+00".utf8)[...], bytes[4] == UInt8(ascii: "-") else {
            return nil
        }
        guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        var millisecond: Int64 = 0
        if bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20..<(bytes.count - 3)].prefix(3)
            guard let fraction = number(digits) else { return nil }
            millisecond = fraction * [100, 10, 1][digits.count - 1]
        }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return WallTime(milliseconds: seconds * 1000 + millisecond)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard digit >= 48, digit <= 57 else { return nil }
            value = value * 10 + Int64(digit - 48)
        }
        return digits.isEmpty ? nil : value
    }

    /// Days since 1970-01-01 of a day of the Gregorian calendar, by counting years that start in March, so that
    /// the leap day is a year's last one.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.quotientAndRemainderFloored(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = era.remainder * 365 + era.remainder / 4 - era.remainder / 100 + dayOfYear
        return era.quotient * 146_097 + dayOfEra - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Rounds towards minus infinity, so that the remainder is never negative. `divisor` > 0.
    fileprivate func quotientAndRemainderFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
