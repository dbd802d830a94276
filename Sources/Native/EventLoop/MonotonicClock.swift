internal import Glibc

/// A point in the machine's monotonic time, ns. Not comparable between machines or restarts.
package struct MonotonicInstant: Comparable, Sendable, Hashable {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static func now() -> MonotonicInstant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    /// `self` moved by `duration`; a negative one does not go below zero.
    package static func + (instant: Self, duration: Duration) -> Self {
        let (sum, overflow) = Int64(clamping: instant.nanoseconds).addingReportingOverflow(duration.wholeNanoseconds)
        return Self(nanoseconds: overflow ? UInt64(Int64.max) : UInt64(max(sum, 0)))
    }

    /// The time from `earlier` to `self`; negative when `earlier` is later.
    package static func - (instant: Self, earlier: Self) -> Duration {
        .nanoseconds(Int64(clamping: instant.nanoseconds) - Int64(clamping: earlier.nanoseconds))
    }
}

extension Duration {
    /// Clamped to what 64 bits hold (292 years).
    package var wholeNanoseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000) }

    /// Rounded towards zero.
    package var milliseconds: Int { Int(wholeNanoseconds / 1_000_000) }

    /// With fractions, for metrics and JSON.
    package var seconds: Double { Double(wholeNanoseconds) / 1e9 }
}

/// Wall-clock time, for what people and other systems read. Milliseconds since 1970-01-01 UTC.
package struct WallTime: Comparable, Sendable, Hashable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func now() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
}
