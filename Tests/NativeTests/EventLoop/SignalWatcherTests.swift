import Native
import TestSupport
import Testing

import func Foundation.getpid

@Suite("Signals", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct SignalWatcherTests {
    @Test func `a signal to the process arrives on the loop`() async throws {
        let arrived = OneShot<Bool>()
        let watcher = SignalWatcher(.user1) { arrived.resolve(LoopActor.loop.isCurrent) }
        watcher.start()
        defer { watcher.stop() }
        Signal.user1.send(to: getpid())
        #expect(try await withDeadline(.seconds(10)) { try await arrived.value })
    }

    @Test func `a stopped watcher is told nothing and is let go`() async throws {
        var told = 0
        weak var forgotten: SignalWatcher?
        // Another watcher, so that the signal's default action, which is to die, does not happen. It must have heard
        // of the signal before it stops.
        let heard = OneShot<Bool>()
        let keeper = SignalWatcher(.user2) { heard.resolve(true) }
        keeper.start()
        defer { keeper.stop() }
        do {
            let watcher = SignalWatcher(.user2) { told += 1 }
            watcher.start()
            watcher.stop()
            forgotten = watcher
        }
        Signal.user2.send(to: getpid())
        #expect(try await withDeadline(.seconds(30)) { try await heard.value })
        #expect(told == 0)
        #expect(forgotten == nil)
    }
}
