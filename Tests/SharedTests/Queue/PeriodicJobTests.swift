import Native
import Testing

@testable import Shared

@Suite("Periodic job")
struct PeriodicJobTests {
    let job = PeriodicJob(name: "gateway_health", lane: .maintenance, interval: .seconds(30))

    func time(_ seconds: Int) -> WallTime { WallTime(milliseconds: Int64(seconds) * 1000) }

    @Test func `a job that never ran is due at once`() { #expect(job.due(at: time(100), last: nil) == 3) }

    @Test func `a job is not due twice in one interval`() {
        #expect(job.due(at: time(90), last: 3) == nil)
        #expect(job.due(at: time(119), last: 3) == nil)
        #expect(job.due(at: time(120), last: 3) == 4)
    }

    @Test func `ticks that were missed are made up for by one`() { #expect(job.due(at: time(3000), last: 3) == 100) }

    @Test func `a clock that went back does not repeat ticks`() { #expect(job.due(at: time(60), last: 3) == nil) }

    @Test func `the same tick is the same job, the next one another`() {
        #expect(job.job(tick: 4).id == job.job(tick: 4).id)
        #expect(job.job(tick: 4).id != job.job(tick: 5).id)
        #expect(job.time(of: 4) == time(120) && job.tick(at: job.time(of: 4)) == 4)
    }

    @Test @LoopActor func `one more is a job of its own, of the present tick and behind the others`() {
        let extra = job.extraJob(at: time(125)), planned = job.job(tick: 4)
        #expect(extra.id != planned.id && extra.id != job.extraJob(at: time(126)).id)
        #expect(extra.payload == planned.payload && extra.conversation == planned.conversation)
        #expect(TickJob.tick(of: extra.payload) == 4)
    }
}
