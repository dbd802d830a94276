/// A value that comes once, and those who wait for it. Every `await` after it came returns at once.
@safe @LoopActor package final class OneShot<Value: Sendable> {
    /// The value, once it has come.
    package private(set) var result: Value?
    /// The most have one waiter, which then takes no memory of its own.
    private var first: Waiter?
    private var others: [Waiter] = unsafe []
    private var lastWaiter: UInt64 = 0

    @unsafe private struct Waiter {
        let id: UInt64
        let continuation: UnsafeContinuation<Value?, Never>
    }

    package nonisolated init() {}

    /// Gives the value to all who wait. Only the first call has an effect.
    package func resolve(_ value: Value) {
        if result != nil { return }
        result = value
        // Resuming only makes the task ready: nobody can join while this runs.
        unsafe first?.continuation.resume(returning: value)
        unsafe others.forEach { unsafe $0.continuation.resume(returning: value) }
        unsafe first = nil
        unsafe others = []
    }

    /// - Throws: at once when the waiting task is cancelled; the others go on waiting.
    package var value: Value {
        get async throws(CancellationError) {
            if let result { return result }
            guard let value = await wait(newWaiter()) else { throw CancellationError() }
            return value
        }
    }

    /// The value, or nil when it has not come within `limit`. Unlike `withDeadline` it makes no task, which would hold 2 KB.
    ///
    /// - Throws: at once when the waiting task is cancelled.
    package func value(within limit: Duration) async throws(CancellationError) -> Value? {
        if let result { return result }
        let waiter = newWaiter()
        let timer = LoopActor.loop.after(limit) { self.forget(waiter) }
        let value = await wait(waiter)
        LoopActor.loop.cancel(timer)
        if value == nil, Task.isCancelled { throw CancellationError() }
        return value
    }

    private func newWaiter() -> UInt64 {
        lastWaiter += 1
        return lastWaiter
    }

    /// nil when it was forgotten.
    private func wait(_ id: UInt64) async -> Value? {
        await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { unsafe add($0, id) }
        } onCancel: {
            LoopActor.loop.spawn { self.forget(id) }
        }
    }

    private func add(_ waiter: UnsafeContinuation<Value?, Never>, _ id: UInt64) {
        if Task.isCancelled {
            unsafe waiter.resume(returning: nil)
        } else if unsafe first == nil {
            unsafe first = Waiter(id: id, continuation: waiter)
        } else {
            unsafe others.append(Waiter(id: id, continuation: waiter))
        }
    }

    private func forget(_ id: UInt64) {
        if unsafe first?.id == id {
            unsafe first?.continuation.resume(returning: nil)
            unsafe first = nil
        } else if let place = unsafe others.firstIndex(where: { unsafe $0.id == id }) {
            unsafe others.remove(at: place).continuation.resume(returning: nil)
        }
    }
}
