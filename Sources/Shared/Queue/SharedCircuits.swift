import Native

/// The circuits of each business's providers, the same for all workers.
///
/// A call through a closed one costs Redis nothing. Failures are told to Redis, together with the successes before them,
/// and what opens or closes is heard by all within a second: each worker looks every half second. While Redis is down
/// each worker goes by what it knows, and tells the rest when it is back.
@LoopActor package final class SharedCircuits {
    private final class Entry {
        /// As Redis had it last.
        var shared = Circuit()
        /// That and what Redis has not been told.
        var view = Circuit()
        var untold: [Noted] = []
        /// Why the last one failed, for the log.
        var detail = ""
        var isTelling = false
        /// What Redis may have been told: the state that it had then, and how many of `untold` are in it.
        var unsure: (circuit: Circuit, count: Int)?
        /// What changed here while Redis was down, and is in the log.
        var isLoggedAlone = false
    }

    private struct Noted {
        let outcome: Circuit.Outcome
        let isProbe: Bool
    }

    private let store: CircuitStore
    private let log: Log
    private var entries: [CircuitName: Entry] = [:]
    private var lastChange = "0"
    /// Redis' clock less ours.
    private var skew: Duration

    /// Between two looks at what others changed.
    private static let interval = Duration.milliseconds(500)
    /// Circuits remembered; past it those are forgotten that are closed and have nothing to tell.
    private static let capacity = 10_000

    /// - Parameter redis: stays the caller's.
    package init(redis: RedisClient, metrics: Metrics, log: Log) {
        store = CircuitStore(redis: redis)
        self.log = log
        // Until Redis has told its own.
        skew = .milliseconds(WallTime.now().milliseconds) - Self.sinceStart
        for provider in ProviderName.allCases {
            metrics.gauge(.circuitsOpen, [.kind: provider.rawValue]) { [unowned self] in
                Double(openCounts[provider] ?? 0)
            }
        }
    }

    /// Those that are open as far as this process knows, by provider.
    package var openCounts: [ProviderName: Int] {
        var counts: [ProviderName: Int] = [:]
        for (name, entry) in entries where entry.view.isOpen { counts[name.provider, default: 0] += 1 }
        return counts
    }

    /// Asks for one call; its outcome must be noted. Waits for Redis only where a probe may be due.
    package func ask(_ name: CircuitName) async -> Circuit.Permission {
        guard let entry = entries[name], entry.view.isOpen else { return .call }
        let known = entry.shared
        let permission = entry.view.ask(at: now)
        guard permission == .probe else { return permission }
        var lent = known
        // Open here only: Redis was down when it opened, and has not been told.
        guard lent.isOpen, lent.ask(at: now) == .probe else { return .probe }
        do throws(RedisError) {
            let swapped = try await store.swap(name, from: known, to: lent, isChange: false, now: now)
            learn(swapped.circuit, of: entry, at: swapped.now)
            if swapped.isMine { return .probe }
            return entry.view.isOpen ? .refused(for: Circuit.probePause) : .call
        } catch {
            if case .unavailable = error { return .probe }
            // It may be lent, to us or to nobody.
            return .refused(for: Circuit.probePause)
        }
    }

    /// Whether no call may be made now. For a second one that is part of the same send.
    package func isOpen(_ name: CircuitName) -> Bool { entries[name]?.view.isOpen ?? false }

    /// - Parameter detail: why it failed, for the log.
    package func note(_ outcome: Circuit.Outcome, _ detail: String, isProbe: Bool, of name: CircuitName) {
        if outcome == .nothing && !isProbe { return }
        let entry = entry(name)
        // It was begun before.
        if entry.shared.isOpen, !isProbe { return }
        let isNews = outcome != .success || isProbe || entry.view.failuresInRow > 0
        if outcome != .success { entry.detail = detail }
        _ = entry.view.note(outcome, isProbe: isProbe, at: now)
        entry.untold.append(Noted(outcome: outcome, isProbe: isProbe))
        if entry.untold.count > Circuit.memory { entry.untold.removeFirst() }
        if isNews { tell(name, entry) }
    }

    /// Hears of what others changed, until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await look()
            try? await LoopActor.loop.sleep(for: Self.interval * .random(in: 0.8..<1.2))
        }
    }

    /// One look. A failed one is made up for by the next.
    package func look() async {
        for (name, entry) in entries {
            if entry.view.isForgotten(at: now) {
                entries[name] = nil
            } else if entry.untold.contains(where: { $0.isProbe || $0.outcome != .success }) {
                tell(name, entry)
            }
        }
        while let changes = try? await store.changes(since: lastChange) {
            lastChange = changes.last
            for (name, circuit) in changes.circuits { hear(circuit, of: name, at: changes.now) }
            if changes.circuits.count < CircuitStore.most { return }
        }
    }

    private func hear(_ circuit: Circuit, of name: CircuitName, at now: WallTime) {
        guard circuit.isOpen || entries[name] != nil else { return }
        let entry = entry(name), wasOpen = entry.view.isOpen
        learn(circuit, of: entry, at: now)
        guard entry.view.isOpen != wasOpen else { return }
        log.debug(
            wasOpen ? .circuitClosed : .circuitOpened, "Heard from another worker",
            [.provider: .text(name.provider.rawValue), .business: .text(name.business)])
    }

    // MARK: Telling

    private func tell(_ name: CircuitName, _ entry: Entry) {
        guard !entry.isTelling else { return }
        entry.isTelling = true
        LoopActor.loop.spawn {
            await self.tellAll(name, entry)
            entry.isTelling = false
        }
    }

    private func tellAll(_ name: CircuitName, _ entry: Entry) async {
        while !entry.untold.isEmpty {
            let told = entry.untold, old = entry.shared
            entry.untold = []
            var new = old, change: Circuit.Change?, cause = Circuit.Outcome.nothing
            for noted in told {
                if let made = new.note(noted.outcome, isProbe: noted.isProbe, at: now) {
                    (change, cause) = (made, noted.outcome)
                }
            }
            do throws(RedisError) {
                let swapped = try await store.swap(name, from: old, to: new, isChange: change != nil, now: now)
                if !swapped.isMine {
                    let known = entry.unsure?.circuit == swapped.circuit ? entry.unsure?.count ?? 0 : 0
                    entry.untold = (told.dropFirst(known) + entry.untold).suffix(Circuit.memory)
                }
                entry.unsure = nil
                learn(swapped.circuit, of: entry, at: swapped.now)
                let isLogged = entry.isLoggedAlone
                entry.isLoggedAlone = false
                if swapped.isMine, let change, !isLogged { report(change, cause, name, entry) }
            } catch {
                entry.untold = (told + entry.untold).suffix(Circuit.memory)
                if case .unknownOutcome = error { entry.unsure = (new, told.count) }
                if let change, !entry.isLoggedAlone {
                    entry.isLoggedAlone = true
                    report(change, cause, name, entry)
                }
                return
            }
        }
    }

    // MARK: What is known

    private func entry(_ name: CircuitName) -> Entry {
        if let known = entries[name] { return known }
        if entries.count >= Self.capacity {
            entries = entries.filter { $0.value.view.isOpen || $0.value.isTelling }
        }
        let entry = Entry()
        entries[name] = entry
        return entry
    }

    private func learn(_ circuit: Circuit, of entry: Entry, at time: WallTime) {
        skew = .milliseconds(time.milliseconds) - Self.sinceStart
        entry.shared = circuit
        entry.view = circuit
        for noted in entry.untold { _ = entry.view.note(noted.outcome, isProbe: noted.isProbe, at: now) }
    }

    /// Redis' time since 1970.
    private var now: Duration { Self.sinceStart + skew }

    /// The machine's.
    private static var sinceStart: Duration { .now() - MonotonicInstant(nanoseconds: 0) }

    private func report(_ change: Circuit.Change, _ cause: Circuit.Outcome, _ name: CircuitName, _ entry: Entry) {
        let provider = LogValue.text(name.provider.rawValue), business = LogValue.text(name.business)
        switch change {
        case .opened(let wait):
            let fields: KeyValuePairs<LogKey, LogValue> = [
                .provider: provider, .business: business, .reason: .text(entry.detail), .delayMS: .milliseconds(wait),
            ]
            if cause == .fatal {
                log.error(.circuitOpened, "The provider refuses the account: someone must look", fields)
            } else {
                log.warning(
                    .circuitOpened, "The provider does not work, nothing is sent through it for a while", fields)
            }
        case .closed:
            log.info(.circuitClosed, "The provider works again", [.provider: provider, .business: business])
        }
    }
}
