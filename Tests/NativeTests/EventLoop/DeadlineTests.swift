import Native
import TestSupport
import Testing

@Suite("Deadlines", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct DeadlineTests {
    let loop = LoopActor.loop

    @Test func `an operation within its limit returns its value`() async throws {
        #expect(try await withDeadline(.seconds(60)) { 7 } == 7)
    }

    @Test func `an operation past its limit is cancelled and reported`() async {
        await #expect(throws: DeadlineExceeded(limit: .milliseconds(3))) {
            try await withDeadline(.milliseconds(3)) { try await LoopActor.loop.sleep(for: .seconds(3600)) }
        }
    }

    @Test func `an operation's own error passes through`() async {
        struct Own: Error {}
        await #expect(throws: Own.self) { try await withDeadline(.seconds(60)) { throw Own() } }
    }

    @Test func `an operation that was done in spite of its cancellation counts`() async throws {
        let value = try await withDeadline(.milliseconds(2)) {
            try? await LoopActor.loop.sleep(for: .seconds(3600))
            return "kept"
        }
        #expect(value == "kept")
    }

    @Test func `cancelling the caller cancels the operation, and is not called a deadline`() async {
        let task = loop.spawn {
            try await withDeadline(.seconds(3600)) { try await LoopActor.loop.sleep(for: .seconds(3600)) }
        }
        loop.after(.milliseconds(2)) { task.cancel() }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite("One shot", .onLoop, .timeLimit(.minutes(1)))
@LoopActor struct OneShotTests {
    @Test func `a value is waited for within a limit, and comes all the same`() async throws {
        let shot = OneShot<Int>()
        #expect(try await shot.value(within: .milliseconds(2)) == nil)
        LoopActor.loop.after(.milliseconds(1)) { shot.resolve(4) }
        #expect(try await shot.value(within: .seconds(3600)) == 4)
        #expect(try await shot.value(within: .zero) == 4)
    }

    @Test func `a limit that was not reached is forgotten`() async throws {
        // Other tests have timers, too.
        let before = LoopActor.loop.timerCount
        for _ in 0..<1000 {
            let shot = OneShot<Void>()
            LoopActor.loop.after(.zero) { shot.resolve(()) }
            try await shot.value(within: .seconds(3600))
        }
        #expect(LoopActor.loop.timerCount < before + 500)
    }

    @Test func `cancelling who waits within a limit is not called one`() async {
        let shot = OneShot<Int>()
        let task = LoopActor.loop.spawn { try await shot.value(within: .seconds(3600)) }
        LoopActor.loop.after(.milliseconds(1)) { task.cancel() }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `the value reaches those who wait and those who come later, and only the first counts`() async throws {
        let shot = OneShot<Int>()
        let early = LoopActor.loop.spawn { try await shot.value }
        LoopActor.loop.after(.milliseconds(1)) {
            shot.resolve(1)
            shot.resolve(2)
        }
        #expect(try await early.value == 1)
        #expect(try await shot.value == 1)
    }

    @Test func `a waiter that is cancelled leaves, and the others go on waiting`() async throws {
        let shot = OneShot<Int>()
        let leaving = LoopActor.loop.spawn { try await shot.value }
        let staying = LoopActor.loop.spawn { try await shot.value }
        LoopActor.loop.after(.milliseconds(1)) { leaving.cancel() }
        await #expect(throws: CancellationError.self) { try await leaving.value }
        shot.resolve(3)
        #expect(try await staying.value == 3)
    }
}
