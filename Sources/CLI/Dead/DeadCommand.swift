import Native
import Shared

/// `rejoinder dead`: looks at dead jobs, puts them back, forgets them.
@LoopActor struct DeadCommand {
    private let options: DeadOptions
    private let servers: Servers
    private let store: DeadJobStore
    private let canAsk: Bool
    private let output: (String) -> Void

    init(
        _ options: DeadOptions, _ servers: Servers, canAsk: Bool = Confirmation.isPossible,
        output: @escaping (String) -> Void = { StandardStream.output.write($0) }
    ) {
        self.options = options
        self.servers = servers
        self.canAsk = canAsk
        self.output = output
        store = DeadJobStore(pool: servers.postgres)
    }

    /// Returns the status to exit with.
    func run(until shutdown: Shutdown) async throws(OperateFailure) -> Int32 {
        if let refusal { throw refusal }
        try await servers.openDatabase()
        if case .replay = options.action { try await servers.openQueue() }
        do throws(StoreError) {
            switch options.action {
            case .list(let filter, let limit):
                return try await list(filter.stored(now: .now()), limit)
            case .show(let id):
                guard let job = try await store.get(id) else {
                    return OperateFailure.tell("there is no dead job \(Shown.line(id))")
                }
                output(options.isJSON ? DeadJSON.detail(job) : DeadText.detail(job))
                return 0
            case .replay(let selection):
                let replay = DeadReplay(store: store, queue: servers.queue)
                return try await change(.replay, selection, shutdown) { await replay.replay($0) }
            case .discard(let selection):
                return try await change(.discard, selection, shutdown) { await discard($0) }
            }
        } catch {
            throw OperateFailure(error.told)
        }
    }

    /// What cannot be undone, and what is of many, is not done unasked.
    private var refusal: OperateFailure? {
        if options.isConfirmed || canAsk { return nil }
        switch options.action {
        case .list, .show: return nil
        case .replay(let selection) where !selection.isMany: return nil
        case .replay, .discard:
            return .usage("nobody can be asked here: add --yes to go on unasked")
        }
    }

    private func list(_ filter: DeadJobFilter, _ limit: Int) async throws(StoreError) -> Int32 {
        // One more tells whether there are more.
        let found = try await store.list(filter, limit: limit + 1), jobs = Array(found.prefix(limit))
        output(options.isJSON ? DeadJSON.list(jobs) : DeadText.list(jobs, now: .now()))
        if found.count > limit { StandardStream.error.write("There are more; --limit N shows N of them.\n") }
        return 0
    }

    private func discard(_ job: DeadJob) async -> DeadOutcome.Kind {
        do throws(StoreError) { return try await store.discard(job) ? .discarded : .changed } catch {
            return .failed(error.told, isOutage: error.isOutage)
        }
    }

    private func change(
        _ verb: DeadChange.Verb, _ selection: DeadSelection, _ shutdown: Shutdown,
        _ act: @escaping @LoopActor (DeadJob) async -> DeadOutcome.Kind
    ) async throws(StoreError) -> Int32 {
        let isConfirmed = options.isConfirmed
        let change = DeadChange(
            verb: verb, selection: selection, store: store, act: act,
            confirm: { isConfirmed ? true : await Confirmation($0).isGiven(until: shutdown) },
            isEnded: { shutdown.isRequested }, report: { report($0) })
        switch try await change.run() {
        case .declined: return OperateFailure.tell("nothing was changed")
        case .ended(let outcomes, let total): return end(verb, outcomes, total)
        }
    }

    private func report(_ outcome: DeadOutcome) {
        if options.isJSON { return }
        if outcome.isFailure { StandardStream.error.write(outcome.line + "\n") } else { output(outcome.line + "\n") }
    }

    private func end(_ verb: DeadChange.Verb, _ outcomes: [DeadOutcome], _ total: Int) -> Int32 {
        if options.isJSON { output(DeadJSON.outcomes(outcomes)) }
        if total == 0, !options.isJSON { output("No dead job fits.\n") }
        if outcomes.count < total {
            return OperateFailure.tell("not tried: \(Shown.count(total - outcomes.count, "dead job"))")
        }
        return outcomes.contains(where: \.isFailure) ? 1 : 0
    }
}
