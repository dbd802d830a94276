@testable import Shared

extension ModelQueue {
    mutating func hold(_ verb: Action.HolderVerb, _ handle: Handle) -> Answer {
        let id = handle.group
        guard leases[id]?.token == handle.token, let group = groups[id] else { return .leaseLost }
        switch verb {
        case .ack(let count, let remember, let following):
            guard count <= group.jobs.count else { return .rejected("BADCOUNT") }
            endLease(id)
            drop(count, of: id)
            if !remember.isEmpty {
                let party = String(id.drop { $0 != "|" }.dropFirst())
                memory[party] = (memory[party, default: []] + remember).suffix(options.memoryLines)
            }
            for job in following { append(job, isDelayed: false) }
        case .retryLater(let isDue, let refund):
            endLease(id)
            if !refund { groups[id]?.failures += 1 }
            delay(id, isDue: isDue)
        case .release:
            endLease(id)
            makeReady(id, first: true)
        case .failToDead(let reason):
            let job = group.jobs[0]
            deaths[job.id, default: 0] += 1
            dead[job.id] = DeadJob(job: job, steps: steps[job.id] ?? [:], death: deaths[job.id]!)
            burials.append("\(id) \(reason) \(1 + group.failures) \(group.crashes) \(job.id)")
            endLease(id)
            drop(1, of: id)
        case .checkpoint(let recorded):
            steps[handle.job.id, default: [:]].merge(recorded) { $1 }
        case .merge(let jobs): return .count(merge(jobs, into: handle.job, of: id))
        case .waiting(let limit): return .jobs(group.jobs.dropFirst().prefix(limit).map(\.id))
        case .held:
            leases[id]?.hasRunOut = false
            return .held(grant(of: id))
        }
        return .done
    }

    /// Jobs directly behind the head become part of it, as long as they have recorded nothing. Those that are part of it
    /// already are passed over.
    private mutating func merge(_ jobs: [ModelJob], into head: ModelJob, of id: String) -> Int {
        var merged = 0
        for job in jobs {
            let step = Self.mergedStep(job)
            if steps[head.id]?[step] == nil {
                guard groups[id]!.jobs.dropFirst().first == job, steps[job.id] == nil else { break }
                groups[id]?.jobs.remove(at: 1)
                steps[head.id, default: [:]][step] = job.id
            }
            merged += 1
        }
        return merged
    }

    static func mergedStep(_ job: ModelJob) -> String { "merged.\(job.id)" }

    /// Removes heads and all that is known of them; the rest is ready behind the tenant's others.
    private mutating func drop(_ count: Int, of id: String) {
        let jobs = groups[id]!.jobs
        for job in jobs.prefix(count) { steps[job.id] = nil }
        guard jobs.count > count else {
            groups[id] = nil
            return
        }
        groups[id] = Group(jobs: Array(jobs.dropFirst(count)))
        makeReady(id)
    }

    mutating func heartbeat(_ handles: [Handle], _ isLast: Bool) -> Answer {
        var lost: Set<String> = []
        for handle in handles {
            if leases[handle.group]?.token == handle.token {
                leases[handle.group]?.hasRunOut = isLast
            } else {
                lost.insert(handle.group)
            }
        }
        return .lost(lost)
    }
}
