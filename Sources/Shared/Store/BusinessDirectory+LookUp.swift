import Native

extension BusinessDirectory {
    /// A question takes no longer than this from who waits for it.
    private static let lookUpLimit: Duration = .seconds(1)

    /// Asks Postgres for businesses that the index does not know: where no notification comes through, as with PgBouncer
    /// between, a new business is else not heard of before the lifetime has passed.
    ///
    /// Asks a few times a second at most, and not again at once for what was not there. Asks nothing while Postgres is away.
    ///
    /// - Parameter names: ids of businesses, or aliases of addresses.
    /// - Returns: whether the index knows more now.
    package func lookUp(_ names: [String]) async -> Bool {
        var hasLearnt = false
        for name in names where await learn(name) { hasLearnt = true }
        return hasLearnt
    }

    /// One question for all who ask for the same at the same time. It goes on when nobody waits for it any more.
    private func learn(_ name: String) async -> Bool {
        let shared: OneShot<Bool>
        if let asking = asking[name] {
            shared = asking
        } else {
            guard isLoaded, store.pool.isReady, budget.take(name, now: .now()) else { return false }
            shared = OneShot()
            asking[name] = shared
            LoopActor.loop.spawn { [self] in
                let hasLearnt = await read(name)
                asking[name] = nil
                shared.resolve(hasLearnt)
            }
        }
        return (try? await withDeadline(Self.lookUpLimit) { try await shared.value }) ?? false
    }

    private func read(_ name: String) async -> Bool {
        do throws(StoreError) {
            if let (id, settings) = try await find(name), index[id] != settings {
                put(settings, of: id)
                return true
            }
        } catch {
            // The next one asks again; Postgres may be back by then.
            if error.isOutage { return false }
        }
        budget.noteAbsent(name, now: .now())
        return false
    }

    private func find(_ name: String) async throws(StoreError) -> (id: String, settings: BusinessSettings)? {
        if let settings = try await store.settings(of: name) { return (name, settings) }
        guard let alias = BusinessAlias(tenant: name), let id = try await store.id(of: alias) else { return nil }
        return try await store.settings(of: id).map { (id, $0) }
    }
}
