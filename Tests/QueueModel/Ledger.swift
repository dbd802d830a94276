/// What was accepted and how it ended, by the queue's answers alone: knows neither Redis nor the model.
struct Ledger: Sendable {
    /// Accepted and not ended, oldest first, by group.
    private var waiting: [String: [String]] = [:]
    private var accepted: Set<String> = []
    private var ended: Set<String> = []
    /// The token of each live lease; whether its end is past.
    private var live: [String: (token: String, hasRunOut: Bool)] = [:]
    private var lastToken = 0

    /// - Throws: the first promise that the answer breaks.
    mutating func note(_ action: Action, _ answer: Answer, handles: [Handle]) throws(Violation) {
        switch (action, answer) {
        case (.enqueue(let job, _, _), .enqueued(.accepted)), (.replay(let job, _, _), .enqueued(.accepted)):
            accept(job)
        case (.claim(_, _, let isSilent), .claimed), (.claimSuspects(_, _, let isSilent), .claimed):
            for handle in handles { try claimed(handle, isSilent) }
        case (.hold(let verb, let handle), .done): try held(verb, handle)
        case (.hold(.merge(let jobs), let handle), .count(let count)): try merged(Array(jobs.prefix(count)), handle)
        case (.heartbeat(let handles, let isLast), .lost(let lost)):
            try beat(handles, lost, isLast)
        case (.damage(.lostToken(let group)), _), (.damage(.lostLease(let group)), _): live[group] = nil
        case (.runOut(let group), _): live[group]?.hasRunOut = true
        default: break
        }
    }

    private mutating func accept(_ job: ModelJob) {
        accepted.insert(job.id)
        ended.remove(job.id)
        waiting[job.group, default: []].append(job.id)
    }

    private mutating func claimed(_ handle: Handle, _ isSilent: Bool) throws(Violation) {
        let group = handle.group
        guard waiting[group]?.first == handle.job.id else {
            let oldest = waiting[group]?.first ?? "nothing"
            throw Violation(kind: .order, what: "\(group) gave \(handle.job.id), and \(oldest) is its oldest")
        }
        if let other = live[group], !other.hasRunOut {
            throw Violation(kind: .leases, what: "\(group) was claimed while \(other.token) holds it")
        }
        guard let token = Int(handle.token), token > lastToken else {
            throw Violation(kind: .token, what: "the token \(handle.token) of \(group) comes after \(lastToken)")
        }
        lastToken = token
        live[group] = (handle.token, isSilent)
    }

    private mutating func beat(_ handles: [Handle], _ lost: Set<String>, _ isLast: Bool) throws(Violation) {
        for handle in handles {
            guard let lease = live[handle.group], lease.token == handle.token else { continue }
            // One that has run out may have been reaped, and a stale one of the group in the same call is lost for sure.
            if lost.contains(handle.group), lease.hasRunOut { continue }
            if lost.contains(handle.group), handles.count(where: { $0.group == handle.group }) == 1 {
                throw Violation(kind: .leases, what: "the heartbeat of a live lease was refused: \(handle)")
            }
            live[handle.group]?.hasRunOut = isLast
        }
    }

    private mutating func held(_ verb: Action.HolderVerb, _ handle: Handle) throws(Violation) {
        guard live[handle.group]?.token == handle.token else {
            throw Violation(kind: .stale, what: "a stale \(verb.name) was obeyed")
        }
        switch verb {
        case .ack(let count, _, let following):
            try end(count, of: handle)
            live[handle.group] = nil
            for job in following { accept(job) }
        case .failToDead:
            try end(1, of: handle)
            live[handle.group] = nil
        case .retryLater, .release: live[handle.group] = nil
        case .held: live[handle.group]?.hasRunOut = false
        case .checkpoint, .waiting, .merge: break
        }
    }

    /// A merged job is done with its head, and gone from behind it. One that was merged before is not ended again.
    private mutating func merged(_ jobs: [ModelJob], _ handle: Handle) throws(Violation) {
        guard live[handle.group]?.token == handle.token else {
            throw Violation(kind: .stale, what: "a stale merge was obeyed")
        }
        for job in jobs where !ended.contains(job.id) {
            guard let waiting = waiting[handle.group], waiting.count > 1, waiting[1] == job.id else {
                throw Violation(kind: .order, what: "\(job.id) was merged and did not stand behind its head")
            }
            ended.insert(job.id)
            self.waiting[handle.group]?.remove(at: 1)
        }
    }

    private mutating func end(_ count: Int, of handle: Handle) throws(Violation) {
        guard waiting[handle.group, default: []].count >= count else {
            throw Violation(kind: .vanished, what: "\(count) jobs of \(handle.group) ended, more than there are")
        }
        for job in waiting[handle.group, default: []].prefix(count) {
            guard ended.insert(job).inserted else { throw Violation(kind: .vanished, what: "\(job) ended twice") }
        }
        waiting[handle.group]?.removeFirst(count)
    }

    /// When all was run to its end.
    func close() throws(Violation) {
        let missing = accepted.subtracting(ended).sorted()
        guard missing.isEmpty else {
            throw Violation(kind: .vanished, what: "accepted and not ended: \(missing.joined(separator: " "))")
        }
    }
}
