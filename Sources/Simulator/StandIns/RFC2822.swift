import Native
import Shared

/// Dates as Twilio writes them: `Fri, 20 Nov 2026 17:31:00 +0000`.
enum RFC2822 {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// For times from 1970 on.
    static func text(_ time: WallTime) -> String {
        let iso = Timestamp.text(time)
        let parts = iso.prefix(10).split(separator: "-")
        let day = days[Int(time.milliseconds / 86_400_000) % 7]
        return
            "\(day), \(parts[2]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(iso.dropFirst(11).prefix(8)) +0000"
    }
}
