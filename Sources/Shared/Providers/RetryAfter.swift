import Native

/// `Retry-After`: seconds, or a date (RFC 9110, sections 10.2.3 and 5.6.7).
package enum RetryAfter {
    /// At most five minutes, and nothing for a date that is past; nil when it is neither form.
    package static func wait(_ text: String, now: WallTime) -> Duration? {
        let milliseconds: Int64
        if let seconds = Double(text), !seconds.isNaN {
            milliseconds = Int64(min(max(seconds, 0), 300) * 1000)
        } else if let date = date(text) {
            milliseconds = min(max(date.milliseconds - now.milliseconds, 0), 300_000)
        } else {
            return nil
        }
        return .milliseconds(milliseconds)
    }

    /// The form of today, and the two that a recipient must understand too: `Sun, 06 Nov 1994 08:49:37 GMT`,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String) -> WallTime? {
        var words = text.split { $0 == " " || $0 == "," || $0 == "-" }.dropFirst().map(String.init)
        if words.last == "GMT" { words.removeLast() }
        guard words.count == 4, let month = words.compactMap({ months.firstIndex(of: $0) }).first else { return nil }
        // What is left is in one order in all three: the day, and around the time of day the year.
        let numbers = words.filter { Int($0) != nil }
        let time = words.filter { $0.contains(":") }.flatMap { $0.split(separator: ":").map { Int($0) ?? -1 } }
        guard numbers.count == 2, let day = Int(numbers[0]), let number = Int(numbers[1]), (1...31).contains(day),
            (0...9999).contains(number), time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]),
            (0...60).contains(time[2])
        else { return nil }
        let year = numbers[1].count > 2 ? number : number + (number < 70 ? 2000 : 1900)
        let seconds = ((days(year: year, month: month + 1, day: day) * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Since 1970-01-01. Years are counted from 1 March, so that the leap day is the last of its year.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1, fromMarch = month > 2 ? month - 3 : month + 9
        return year * 365 + year / 4 - year / 100 + year / 400 + (153 * fromMarch + 2) / 5 + day - 1 - 719_468
    }
}
