import Native

/// Keeps a `BusinessIndex` of all businesses, so that a webhook asks nobody. What Postgres last said serves as long as it
/// cannot be asked, however old it is.
@LoopActor package final class BusinessDirectory {
    let store: BusinessStore
    private let lifetime: Duration
    private let log: Log
    private var listener: PostgresListener?
    private var refreshing: Task<Void, Never>?
    /// Heard of, and not asked for yet. nil stands for all.
    private var changed: Set<String?> = [nil]
    private var bell: OneShot<Void>?
    private var isFailing = false
    /// For single businesses that were not heard of.
    var budget = LookUpBudget()
    var asking: [String: OneShot<Bool>] = [:]

    package private(set) var index = BusinessIndex()
    /// Whether Postgres has been asked at all: before, "there is no such business" means nothing.
    package private(set) var isLoaded = false

    /// Between two tries while Postgres is down.
    private static let outagePause: Duration = .seconds(1)

    /// - Parameter lifetime: after it everything is asked for again, though no change was heard of.
    package init(store: BusinessStore, lifetime: Duration, log: Log) {
        self.store = store
        self.lifetime = lifetime
        self.log = log
    }

    /// Loads all, and follows changes until `stop`.
    ///
    /// - Parameter url: of the database whose notifications tell of changes.
    package func start(url: String) {
        precondition(listener == nil, "the directory follows changes already")
        let listener = PostgresListener(
            url: url, channels: ["rejoinder_businesses"],
            onNotification: { [weak self] _, id in self?.change(id) },
            onConnected: { [weak self] in self?.change(nil) })
        self.listener = listener
        listener.start()
        refreshing = LoopActor.loop.spawn { [self] in await keepFresh() }
    }

    package func stop() async {
        await listener?.stop()
        refreshing?.cancel()
        await refreshing?.value
        listener = nil
        refreshing = nil
    }

    func put(_ settings: BusinessSettings, of id: String) { index.put(settings, of: id) }

    private func change(_ id: String?) {
        changed.insert(id)
        bell?.resolve(())
    }

    private func keepFresh() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                while let next = changed.contains(nil) ? .some(nil) : changed.first { try await refresh(next) }
                isFailing = false
            } catch {
                note(error)
                try? await LoopActor.loop.sleep(for: Self.outagePause)
                continue
            }
            let bell = OneShot<Void>()
            self.bell = bell
            try? await withDeadline(lifetime) { try await bell.value }
            if bell.result == nil { changed = [nil] }
        }
    }

    /// Says so once, when it begins to fail; not while the first connection is made.
    private func note(_ error: StoreError) {
        if !isFailing, isLoaded || !error.isOutage {
            log.warning(.configCache, "Businesses cannot be read for now", [.error: .text("\(error)")])
        }
        isFailing = true
    }

    /// - Parameter id: nil: all of them.
    private func refresh(_ id: String?) async throws(StoreError) {
        changed.remove(id)
        do throws(StoreError) {
            if let id {
                index.put(try await store.settings(of: id), of: id)
            } else {
                try await load()
            }
        } catch {
            // One that cannot be read must not keep the others from being read: it waits for the next look at all.
            if id == nil || error.isOutage { changed.insert(id) }
            throw error
        }
    }

    private func load() async throws(StoreError) {
        // One that is looked up meanwhile may stand before a page that was read already.
        let before = Array(index.ids)
        var seen: Set<String> = [], last = ""
        while true {
            let page = try await store.settings(after: last)
            for (id, settings) in page {
                index.put(settings, of: id)
                seen.insert(id)
            }
            guard let end = page.last?.id else { break }
            last = end
        }
        for id in before where !seen.contains(id) { index.put(nil, of: id) }
        if !isLoaded { log.info(.configCache, "Businesses are known", [.count: .int(index.count)]) }
        isLoaded = true
    }
}
