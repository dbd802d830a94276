import FoundationEssentials
import Native

/// A time as an operator writes it: when, or how long ago.
enum TimeArgument: Equatable {
    case at(WallTime)
    case ago(Duration)

    static let rule = "a time such as 2026-11-20 or 2026-11-20T17:30Z, or an age such as 30m, 2h or 7d"

    /// Without a zone a time is in UTC.
    init?(_ text: String) {
        if let age = Self.age(text) {
            self = .ago(age)
        } else if let time = Self.time(text) {
            self = .at(time)
        } else {
            return nil
        }
    }

    func time(now: WallTime) -> WallTime {
        switch self {
        case .at(let time): time
        case .ago(let age): WallTime(milliseconds: now.milliseconds - Int64(age.milliseconds))
        }
    }

    private static func age(_ text: String) -> Duration? {
        guard let unit = text.last, let seconds = [Character: Int]("smhdw", [1, 60, 3600, 86_400, 604_800])[unit],
            let count = number(text.dropLast()), (1...6).contains(text.count - 1)
        else { return nil }
        return .seconds(count * seconds)
    }

    private static func time(_ text: String) -> WallTime? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard date.map(\.count) == [4, 2, 2], let year = number(date[0]), let month = number(date[1]),
            let day = number(date[2]), let (clock, zone) = parts.count == 2 ? splitZone(parts[1]) : ("00:00", 0),
            let millisecond = millisecondOfDay(clock)
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: year, month: month, day: day)
        guard components.isValidDate(in: calendar), let start = calendar.date(from: components) else { return nil }
        return WallTime(milliseconds: Int64(start.timeIntervalSince1970) * 1000 + Int64(millisecond - zone * 60_000))
    }

    /// The zone in minutes east of UTC.
    private static func splitZone(_ text: Substring) -> (Substring, Int)? {
        if text.last == "Z" { return (text.dropLast(), 0) }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return (text, 0) }
        let parts = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 2], let hours = number(parts[0]), let minutes = number(parts[1]), hours < 24,
            minutes < 60
        else { return nil }
        return (text[..<sign], (text[sign] == "-" ? -1 : 1) * (hours * 60 + minutes))
    }

    /// `17:30`, `17:30:00` or `17:30:00.123`
    private static func millisecondOfDay(_ text: Substring) -> Int? {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.count == 2 ? number($0) : nil }
        guard numbers.count == parts.count, numbers.count == 3 || (numbers.count == 2 && halves.count == 1),
            numbers[0] < 24, numbers[1] < 60, numbers.last! < 60
        else { return nil }
        var millisecond = 0
        if halves.count == 2 {
            guard halves[1].count == 3, let fraction = number(halves[1]) else { return nil }
            millisecond = fraction
        }
        let second = numbers.count == 3 ? numbers[2] : 0
        return ((numbers[0] * 60 + numbers[1]) * 60 + second) * 1000 + millisecond
    }

    /// Digits only: no sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}

extension [Character: Int] {
    fileprivate init(_ keys: String, _ values: [Int]) { self.init(uniqueKeysWithValues: zip(keys, values)) }
}
