import Native

package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Looks every few milliseconds until `find` finds something.
@LoopActor @discardableResult package func poll<T>(
    within limit: Duration, _ what: String, _ find: @LoopActor () async throws -> T?
) async throws -> T {
    let deadline = MonotonicInstant.now() + limit
    while true {
        if let found = try await find() { return found }
        if deadline < .now() { throw NeverHappened(description: "waited \(limit) for \(what)") }
        try await LoopActor.loop.sleep(for: .milliseconds(10))
    }
}
