/// When a business's contacts are to be left in peace, by its own clock: `22:00-07:00`. The end is not part of it.
package struct QuietHours: Sendable, Equatable, Codable, CustomStringConvertible {
    /// Minutes of the day, 0..<1440. An end before the start is on the next day.
    package let start, end: Int

    /// nil when the text is not two different times of day.
    package init?(_ text: String) {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
        guard times.count == 2, let start = times[0], let end = times[1], start != end else { return nil }
        self.start = start
        self.end = end
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let hours = QuietHours(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no quiet hours")
        }
        self = hours
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var description: String { "\(Self.text(start))-\(Self.text(end))" }

    /// How long it is still quiet; nil: it is not.
    ///
    /// - Parameter minute: of the business's day, 0..<1440.
    package func left(at minute: Int) -> Duration? {
        let length = (end - start + Self.day) % Self.day, passed = (minute - start + Self.day) % Self.day
        return passed < length ? .seconds(60 * (length - passed)) : nil
    }

    private static let day = 1440

    private static func text(_ minute: Int) -> String {
        [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// `7:00`, `07:00`
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.trimmingSpaces().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return 60 * hour + minute
    }
}
