import Native

/// The businesses this process worked for lately, so that a message costs no question to Postgres.
///
/// An entry is asked for again after its lifetime, or when a notification said that it changed; but as long as Postgres
/// cannot answer, the old one serves, however old it is.
@LoopActor package final class BusinessCache {
    package struct Limits: Sendable {
        /// How long an entry is good. `BUSINESS_CACHE_SECONDS`
        package var lifetime: Duration = .seconds(300)
        /// The same for "there is no such business".
        package var absenceLifetime: Duration = .seconds(5)
        /// How long an old entry serves before Postgres is asked again, after it could not answer.
        package var outagePause: Duration = .seconds(1)
        /// Entries kept; past it the one that expires first goes.
        package var count = 10_000
        package init() {}
    }

    package typealias Load = @LoopActor (String) async throws(StoreError) -> Business?
    private typealias Answer = Result<Business?, StoreError>

    private struct Entry {
        var business: Business?
        var expires: MonotonicInstant
    }

    private let load: Load
    private let limits: Limits
    private let now: () -> MonotonicInstant
    private var entries: [String: Entry] = [:]
    private var loading: [String: OneShot<Answer>] = [:]
    /// Grows with every change that was heard of: what was being loaded then may be the old state.
    private var generation = 0
    private var listener: PostgresListener?

    /// Asked and answered from memory.
    package private(set) var hits = 0
    /// Asked and not in memory, or too old.
    package private(set) var misses = 0
    /// Businesses in memory.
    package var keys: Int { entries.count }

    package init(
        limits: Limits = Limits(), now: @escaping () -> MonotonicInstant = { .now() }, load: @escaping Load
    ) {
        self.limits = limits
        self.now = now
        self.load = load
    }

    /// Nil when there is no such business.
    ///
    /// - Throws: what the load threw, if it was no outage or nothing is in memory; `.postgres(.cancelled)` when the
    ///   calling task is cancelled.
    package func business(_ id: String) async throws(StoreError) -> Business? {
        if let entry = entries[id], entry.expires > now() {
            hits += 1
            return entry.business
        }
        misses += 1
        let shared = loading[id] ?? startLoading(id)
        let answer: Answer
        do throws(CancellationError) {
            answer = try await shared.value
        } catch {
            throw .postgres(.cancelled)
        }
        return try answer.get()
    }

    /// A business or one of its tools has changed. The entry stays for the case that Postgres cannot be asked.
    package func expire(_ id: String) {
        generation += 1
        entries[id]?.expires = MonotonicInstant(nanoseconds: 0)
    }

    /// Anything may have changed.
    package func expireAll() {
        generation += 1
        for id in entries.keys { entries[id]?.expires = MonotonicInstant(nanoseconds: 0) }
    }

    // MARK: Notifications

    /// Listens for changes from now on. What changed while the connection was down is asked for again.
    package func listen(url: String, options: PostgresOptions = PostgresOptions()) {
        precondition(listener == nil, "the cache listens already")
        let listener = PostgresListener(
            url: url, options: options, channels: ["rejoinder_businesses"],
            onNotification: { [weak self] _, id in self?.expire(id) },
            onConnected: { [weak self] in self?.expireAll() })
        self.listener = listener
        listener.start()
    }

    /// Changes are heard of at once, and not only after the lifetime.
    package var isListening: Bool { listener?.isConnected ?? false }

    package func stopListening() async {
        await listener?.stop()
        listener = nil
    }

    // MARK: Loading

    /// One load for all who ask for the same business at the same time. It goes on when they are cancelled.
    private func startLoading(_ id: String) -> OneShot<Answer> {
        let shared = OneShot<Answer>()
        loading[id] = shared
        let before = generation
        LoopActor.loop.spawn { [self] in
            let answer: Answer
            do throws(StoreError) {
                answer = .success(try await load(id))
            } catch {
                answer = .failure(error)
            }
            loading[id] = nil
            shared.resolve(keep(answer, of: id, isCurrent: generation == before))
        }
        return shared
    }

    /// Notes the answer and returns what to tell those who asked.
    private func keep(_ answer: Answer, of id: String, isCurrent: Bool) -> Answer {
        switch answer {
        case .success(let business):
            let lifetime = business == nil ? limits.absenceLifetime : limits.lifetime
            makeRoom(for: id)
            entries[id] = Entry(business: business, expires: isCurrent ? now() + lifetime : now())
            return answer
        case .failure(let error):
            guard error.isOutage, let old = entries[id]?.business else { return answer }
            entries[id]?.expires = now() + limits.outagePause
            return .success(old)
        }
    }

    private func makeRoom(for id: String) {
        guard entries[id] == nil, entries.count >= limits.count else { return }
        if let oldest = entries.min(by: { $0.value.expires < $1.value.expires }) { entries[oldest.key] = nil }
    }
}
