import Native
import Testing

@testable import Shared

@Suite("Messages that receipts_sync asks for")
struct ReceiptsSyncJobTests {
    private static let width = ReceiptsSyncJob.interval.milliseconds
    private static let tick = 5_878_834

    @Test func `a message is asked for by a few ticks, soon at first and then less often`() {
        let sentAt = WallTime(milliseconds: Int64(Self.tick * Self.width) + 61_000)
        let ticks = (Self.tick..<Self.tick + 400).filter { tick in
            ReceiptsSyncJob.windows(tick: tick).contains { $0.contains(sentAt) }
        }
        let minutes = ticks.map { ($0 - Self.tick) * 5 }
        #expect(minutes == [10, 15, 25, 45, 85, 165, 325, 645, 1285])
    }

    @Test func `no two ticks and no two windows of a tick ask for the same time at the same age`() {
        for (this, next) in zip(ReceiptsSyncJob.windows(tick: 10), ReceiptsSyncJob.windows(tick: 11)) {
            #expect(this.upperBound == next.lowerBound)
        }
        let windows = ReceiptsSyncJob.windows(tick: Self.tick)
        for (one, next) in zip(windows, windows.dropFirst()) { #expect(one.upperBound <= next.lowerBound) }
    }

    @Test func `what is older than a day or younger than five minutes is left alone`() throws {
        let now = Int64(Self.tick * Self.width), windows = ReceiptsSyncJob.windows(tick: Self.tick)
        let first = try #require(windows.first), last = try #require(windows.last)
        #expect(now - first.lowerBound.milliseconds < 86_400_000)
        #expect(now - last.upperBound.milliseconds == 300_000)
    }
}
