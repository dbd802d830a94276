import Dispatch
import Native
import TestSupport
import Testing

@Suite("Event loop", .onLoop)
@LoopActor struct EventLoopTests {
    let loop = LoopActor.loop

    @Test func `a test of this suite runs on the loop's thread`() { #expect(loop.isCurrent) }

    @Test func `sleeping lasts at least as long as asked`() async throws {
        let start = MonotonicInstant.now()
        try await loop.sleep(for: .milliseconds(20))
        #expect(MonotonicInstant.now() - start >= .milliseconds(20))
    }

    @Test func `what blocks is done on another thread, and the loop goes on meanwhile`() async {
        let loop = loop, gate = DispatchSemaphore(value: 0)
        // Runs only if the loop is free while the work is not done.
        loop.after(.milliseconds(5)) { gate.signal() }
        let wasOnLoop = await loop.offload { () -> Bool in
            gate.wait()
            return loop.isCurrent
        }
        #expect(!wasOnLoop && loop.isCurrent)
    }

    @Test func `child tasks stay on the loop's thread`() async {
        let onLoop = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { LoopActor.loop.isCurrent } }
            var all = true
            for await one in group where !one { all = false }
            return all
        }
        #expect(onLoop)
    }

    @Test func `cancelling wakes a sleeping task at once`() async {
        let sleeper = loop.spawn { try await LoopActor.loop.sleep(for: .seconds(3600)) }
        loop.after(.milliseconds(5)) { sleeper.cancel() }
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test func `a task that was cancelled before it sleeps does not sleep`() async {
        let sleeper = loop.spawn { try await LoopActor.loop.sleep(for: .seconds(3600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
