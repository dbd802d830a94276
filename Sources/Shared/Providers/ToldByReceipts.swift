import Native

/// What receipts told of messages.
package struct ToldByReceipts: Sendable {
    /// nil: nothing. The id is the provider's or ours, the tenants are those under which the receipts may have come.
    package typealias Find =
        @LoopActor @Sendable (_ id: String, _ tenants: [String]) async -> (providerID: String, hasFailed: Bool)?

    private let find: Find
    /// Between two looks.
    private static let pause: Duration = .milliseconds(200)

    package init(_ find: @escaping Find) { self.find = find }

    package static let nothing = ToldByReceipts { _, _ in nil }

    /// nil: no receipt came in that time, or the wait was cancelled.
    @LoopActor func state(
        of id: String, tenants: [String], refusal: String, within patience: Duration
    ) async -> SentState? {
        let end = MonotonicInstant.now() + patience
        while true {
            if let told = await find(id, tenants) {
                return told.hasFailed ? .told(.failed, error: refusal) : .told(.sent)
            }
            guard .now() + Self.pause <= end else { return nil }
            do { try await LoopActor.loop.sleep(for: Self.pause) } catch { return nil }
        }
    }
}
