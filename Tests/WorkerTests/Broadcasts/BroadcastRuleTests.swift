import Native
import Shared
import Testing

@testable import Worker

@Suite("Broadcasts")
struct BroadcastRuleTests {
    private func item(
        _ broadcast: Broadcast.Status = .running, _ recipient: Broadcast.RecipientStatus = .queued, minute: Int = 720,
        isOut: Bool = false
    ) -> BroadcastStore.Item {
        BroadcastStore.Item(
            broadcast: broadcast, recipient: recipient, body: "Hi", provider: nil, minuteOfDay: minute,
            isOptedOut: isOut)
    }

    private func verdict(
        _ item: BroadcastStore.Item, hasBegun: Bool = false, status: Business.Status = .active, quiet: String? = nil
    ) -> BroadcastRule.Verdict {
        var business = Business(id: "b", name: "B", status: status)
        business.settings.quietHours = quiet.flatMap { QuietHours($0) }
        return BroadcastRule.verdict(item, business, hasBegun: hasBegun)
    }

    @Test func `a recipient's text goes out, also when the broadcast's end or a dead job came first`() {
        for status in [Broadcast.Status.running, .done] {
            for recipient in [Broadcast.RecipientStatus.pending, .queued, .failed] {
                #expect(verdict(item(status, recipient)) == .send)
            }
        }
    }

    @Test func `nobody who has opted out gets one, and nobody who has got it`() {
        #expect(verdict(item(isOut: true)) == .optedOut)
        #expect(verdict(item(.running, .sent)) == .drop)
        #expect(verdict(item(.cancelled)) == .drop)
        #expect(verdict(item(), status: .disabled) == .drop)
    }

    @Test func `what has begun to be sent is brought to its end`() {
        for broadcast in [item(isOut: true), item(.cancelled), item(.running, .sent), item(minute: 0)] {
            #expect(verdict(broadcast, hasBegun: true, quiet: "22:00-07:00") == .send)
        }
    }

    @Test func `it waits while the business is paused, and in its quiet hours`() {
        #expect(verdict(item(), status: .paused) == .wait(.seconds(300), reason: "business is paused"))
        #expect(verdict(item(minute: 0), quiet: "22:00-07:00") == .wait(.seconds(300), reason: "quiet hours"))
        #expect(verdict(item(minute: 418), quiet: "22:00-07:00") == .wait(.seconds(120), reason: "quiet hours"))
        #expect(verdict(item(minute: 420), quiet: "22:00-07:00") == .send)
        // Who wants none is noted at once.
        #expect(verdict(item(minute: 0, isOut: true), quiet: "22:00-07:00") == .optedOut)
    }

    @Test func `each business has its own pace, and none in its quiet hours or behind a minute's texts`() {
        func due(_ business: String, queued: Int = 0, _ change: (inout BusinessSettings) -> Void = { _ in })
            -> BroadcastStore.Due
        {
            var settings = BusinessSettings()
            change(&settings)
            return BroadcastStore.Due(id: 1, business: business, settings: settings, minuteOfDay: 60, queued: queued)
        }
        let counts = ScheduledBroadcastsHandler.counts(
            [
                due("standard"), due("fast") { $0.broadcastsPerMinute = 600 },
                due("quiet") { $0.quietHours = QuietHours("00:00-02:00") },
                due("awake") { $0.quietHours = QuietHours("02:00-03:00") },
                due("behind", queued: 30), due("behind", queued: 30), due("nearly", queued: 59),
            ], tick: 0)
        #expect(counts == ["standard": 10, "fast": 100, "quiet": 0, "awake": 10, "behind": 0, "nearly": 10])
    }
}
