import Native

/// Values that happen, and a test that waits for them: never for a time, always with a deadline.
@LoopActor package final class Events<Value: Sendable> {
    package struct TimedOut: Error {}

    private var values: [Value] = []
    private var waiter: CheckedContinuation<Value?, Never>?

    package init() {}

    /// Hands the value to who waits, or keeps it until someone does.
    package func send(_ value: Value) {
        guard let waiter else {
            values.append(value)
            return
        }
        self.waiter = nil
        waiter.resume(returning: value)
    }

    /// The oldest value that was not taken yet. One caller at a time.
    package func next(within limit: Duration = .seconds(20)) async throws -> Value {
        if !values.isEmpty { return values.removeFirst() }
        let timer = LoopActor.loop.after(limit) {
            self.waiter?.resume(returning: nil)
            self.waiter = nil
        }
        defer { LoopActor.loop.cancel(timer) }
        guard let value = await withCheckedContinuation({ waiter = $0 }) else { throw TimedOut() }
        return value
    }

    /// Takes values until one fulfils `condition`, and returns that one.
    package func first(
        within limit: Duration = .seconds(20), where condition: (Value) -> Bool
    ) async throws -> Value {
        while true {
            let value = try await next(within: limit)
            if condition(value) { return value }
        }
    }
}

extension Events where Value == Void {
    package func send() { send(()) }
}
