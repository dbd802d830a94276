import FoundationEssentials
import Native

/// Twilio's dates: `Thu, 20 Nov 2026 17:31:00 +0000` (RFC 2822, always UTC).
enum TwilioDate {
    static func read(_ text: String) -> WallTime? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count >= 5, let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(
            year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2])
        return calendar.date(from: components).map { WallTime(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }
}
