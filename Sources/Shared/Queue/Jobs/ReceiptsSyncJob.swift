import Native

/// The job that asks providers for messages that stayed `sent`: `receipts_sync` on the queue of that name.
///
/// Each tick asks for those messages whose age has just passed one of `ages`. So a message is asked for a few times, soon at
/// first and then ever less often, no two ticks ask for the same, and what stays `sent` for good (a phone that is off) does
/// not stand before what is new.
package enum ReceiptsSyncJob {
    package static let name = "receipts_sync"
    package static let version = 1

    package static let interval: Duration = .seconds(300)

    /// Minutes. The first leaves receipts the time to come by themselves; the last is less than a day.
    private static let ages = [5, 10, 20, 40, 80, 160, 320, 640, 1280]

    /// The times of sending that a tick asks for, those of the longest ago first.
    ///
    /// - Parameter tick: numbered from 1970-01-01 UTC, as the scheduler does.
    package static func windows(tick: Int) -> [Range<WallTime>] {
        let width = Int64(interval.milliseconds), now = Int64(tick) * width
        return ages.reversed().map { minutes in
            let end = now - Int64(minutes) * 60_000
            return WallTime(milliseconds: end - width)..<WallTime(milliseconds: end)
        }
    }
}
