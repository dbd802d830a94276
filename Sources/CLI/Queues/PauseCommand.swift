import Native
import Shared

/// `rejoinder pause` and `rejoinder resume`, of a queue or a business. Each may be repeated.
@LoopActor struct PauseCommand {
    let options: PauseOptions
    let isPause: Bool
    let servers: Servers

    /// Returns what to print.
    func run() async throws(OperateFailure) -> String {
        try await servers.openQueue()
        do throws(QueueError) {
            if case .tenant(let tenant) = options.target { try await check(tenant) }
            if isPause {
                try await servers.queue.pause(options.target)
            } else {
                try await servers.queue.resume(options.target)
            }
            let jobs = try await waiting()
            return options.isJSON ? json(jobs) : text(jobs)
        } catch {
            throw OperateFailure(error.told)
        }
    }

    /// A business that nobody knows is a mistake, unless the queue knows it.
    private func check(_ tenant: TenantID) async throws(QueueError) {
        switch await isKnown(tenant) {
        case true?: return
        case nil: warn("the database cannot be asked whether there is a business \(tenant)")
        case false?:
            let jobs = try await servers.queue.jobs(of: tenant), paused = try await servers.queue.paused()
            guard jobs > 0 || paused.contains(.tenant(tenant)) else {
                throw .rejected("there is no business \(tenant)")
            }
            warn("the database has no business \(tenant), but the queue has")
        }
    }

    /// nil when the database cannot tell.
    private func isKnown(_ tenant: TenantID) async -> Bool? {
        do {
            try await servers.openDatabase()
            return try await BusinessStore(pool: servers.postgres).find(tenant.rawValue) != nil
        } catch {
            return nil
        }
    }

    private func warn(_ text: String) { StandardStream.error.write("rejoinder: \(text); going on\n") }

    private func waiting() async throws(QueueError) -> Int {
        switch options.target {
        case .lane(let lane):
            let state = try await servers.queue.inspect()[lane]
            return max(0, state.depth - state.inFlight)
        case .tenant(let tenant): return try await servers.queue.jobs(of: tenant)
        }
    }

    private var name: String {
        switch options.target {
        case .lane(let lane): lane.rawValue
        case .tenant(let tenant): tenant.rawValue
        }
    }

    private var kind: String { if case .lane = options.target { "queue" } else { "business" } }

    private func text(_ jobs: Int) -> String {
        let who = "\(kind == "queue" ? "Queue" : "Business") \(name)"
        let many = Shown.count(jobs, "job")
        switch (options.target, isPause) {
        case (.lane, true):
            return "\(who) is paused: \(many) \(jobs == 1 ? "waits" : "wait"); those under way finish.\n"
        case (.tenant, true): return "\(who) is paused: it has \(many); those under way finish.\n"
        case (.lane, false): return "\(who) is resumed: \(many) \(jobs == 1 ? "waits" : "wait") for a worker.\n"
        case (.tenant, false): return "\(who) is resumed: it has \(many).\n"
        }
    }

    private func json(_ jobs: Int) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.key(named: kind)
        json.value(name)
        json.field("paused", isPause)
        json.field("jobs", jobs)
        json.endObject()
        return json.text + "\n"
    }
}
