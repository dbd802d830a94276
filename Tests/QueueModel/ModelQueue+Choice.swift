@testable import Shared

extension ModelQueue {
    /// What the step means in this state; nil when there is nothing for it to do. Only counts what it makes up.
    mutating func action(of step: Step) -> Action? {
        switch step.kind {
        case .enqueue: return newJob(step)
        case .enqueueAgain: return repeatedJob(step)
        case .claim: return .claim(worker: worker(step), plan(step), isSilent: step.chance(1, 30))
        case .goFull: return .claim(worker: worker(step), plan(step, slots: 0), isSilent: false)
        case .claimSuspects:
            if suspects.isEmpty, step.chance(2, 80) { return nil }
            return .claimSuspects(worker: worker(step), slots: 1 + step[3, of: 3], isSilent: step.chance(1, 40))
        case .ack, .retryLater, .release, .failToDead, .checkpoint, .read, .merge:
            // Rather a suspect in half of the cases: they are few.
            let suspected = step.chance(4, 50) ? live.filter { Self.isSuspect(groups[$0.group]!) } : []
            return (pick(suspected, step) ?? pick(live, step)).map { .hold(verb(step.kind, $0, step), $0) }
        case .stale:
            // Rather one whose group somebody else has now.
            let overtaken = stale.filter { leases[$0.group] != nil }
            return (pick(overtaken, step) ?? pick(stale, step)).map { staleAction(step, $0) }
        case .heartbeat: return heartbeat(step)
        case .reap: return .reap(limit: step.chance(1, 70) ? 100 : 1)
        case .promote: return .promote(limit: step.chance(1, 70) ? 100 : 1)
        case .runOut:
            // Rather one that crashed before, or few would become suspects.
            let held = leaseOrder.filter { leases[$0]?.hasRunOut == false }
            return (pick(held.filter { groups[$0]!.crashes > 0 }, step) ?? pick(held, step)).map { .runOut($0) }
        case .comeDue: return pick(dueOrder.filter { delayed[$0] == false }, step).map { .comeDue($0) }
        case .beAway: return hasReaped && !wasAway ? .beAway : nil
        case .endGrace: return isInGrace ? .endGrace : nil
        case .pause: return .pause(target(step))
        case .resume:
            return pick(Array(paused), step, by: \.member).map { .resume($0) } ?? .resume(target(step))
        case .replay: return replay(step)
        case .audit: return .audit
        case .look: return .look
        case .damage: return pick(breakable, step, by: { "\($0)" }).map { .damage($0) }
        case .forgetScripts: return .forgetScripts
        case .turnClockBack: return .turnClockBack
        }
    }

    /// The one that the step's first number prefers. What else there is makes no difference, so that the other steps of a
    /// schedule mean the same when one is taken out.
    private func pick<Element>(_ all: [Element], _ step: Step, by key: (Element) -> String) -> Element? {
        all.min { step.distance(to: key($0)) < step.distance(to: key($1)) }
    }

    private func pick(_ all: [String], _ step: Step) -> String? { pick(all, step, by: \.self) }

    private func pick(_ all: [Handle], _ step: Step) -> Handle? { pick(all, step, by: \.group) }

    private func worker(_ step: Step) -> String {
        let workers = listeners.sorted() + Cast.deaf
        return workers[step[0, of: workers.count]]
    }

    // MARK: Enqueue

    private mutating func newJob(_ step: Step) -> Action {
        jobCount += 1
        let conversation = step[3, of: 13]
        let job = ModelJob(
            id: "j\(jobCount)", lane: Cast.lanes[step[1, of: Cast.lanes.count]],
            tenant: Cast.tenants[step[2, of: Cast.tenants.count]],
            conversation: conversation == 0 ? nil : Cast.conversations[conversation % Cast.conversations.count])
        let offer = Offer(job: job, dedupe: step.chance(5, 50) ? job.id : "m\(jobCount)")
        offered.append(offer)
        return .enqueue(job, dedupe: offer.dedupe, isDelayed: step.chance(4, 15))
    }

    /// The same job again, or another one for the same message. It may have been refused the first time.
    private mutating func repeatedJob(_ step: Step) -> Action? {
        guard let offer = pick(offered, step, by: \.dedupe) else { return nil }
        let first = offer.job
        // What was refused and is made anew must not be two jobs of one id.
        guard seen[offer.dedupe] != nil, step.chance(1, 50) else {
            return .enqueue(first, dedupe: offer.dedupe, isDelayed: step.chance(4, 15))
        }
        jobCount += 1
        let other = ModelJob(
            id: "j\(jobCount)", lane: first.lane, tenant: first.tenant, conversation: first.conversation)
        return .enqueue(other, dedupe: offer.dedupe, isDelayed: false)
    }

    private mutating func replay(_ step: Step) -> Action? {
        if step.chance(1, 20) {
            // The row of a death was written, and whoever was to bury the job is gone.
            return pick(Array(groups.keys), step).flatMap { groups[$0]?.jobs.first }.map {
                .replay($0, steps: ["answer": "1"], dedupe: "\($0.id)+0")
            }
        }
        // One that was replayed before may live by now, or have ended.
        let isRepeat = step.chance(1, 50)
        guard let death = pick(isRepeat ? replays : Array(dead.values), step, by: \.job.id) else { return nil }
        if !isRepeat { replays = (replays + [death]).suffix(20) }
        return .replay(death.job, steps: death.steps, dedupe: "\(death.job.id)+\(death.death)")
    }

    // MARK: Claim

    private func plan(_ step: Step, slots: Int? = nil) -> Action.Plan {
        let slots = slots ?? 1 + step[2, of: 5]
        if step.chance(3, 40) {
            var plan = Self.all(slots)
            plan.bound = bound(step, slots)
            return plan
        }
        // In any order, some left out, some with their quota or their limit down to nothing.
        var lanes = Cast.allLanes
        let first = step[3, of: lanes.count]
        lanes = Array(lanes[first...] + lanes[..<first])
        lanes.removeLast(step[4, of: 3])
        let shares = lanes.enumerated().map { index, lane in
            let limit = (step.numbers[4] / 3 + index * step.numbers[5]) % (slots + 1)
            return Action.Plan.Share(lane: lane, quota: (step.numbers[5] / 7 + index) % 3, limit: limit)
        }
        return Action.Plan(
            slots: slots, belowHigh: max(0, slots - step[5, of: 3]), belowDefault: max(0, slots - step[4, of: 4]),
            shares: shares, bound: bound(step, slots))
    }

    /// In half of the cases, and then with tenants that hold less than would make them full, just that, or more.
    private func bound(_ step: Step, _ slots: Int) -> Action.Plan.Bound? {
        guard step.numbers[1] % 100 < 50 else { return nil }
        let held = Cast.tenants.enumerated().map { index, tenant in
            (tenant, (step.numbers[0] / 8 + index * (step.numbers[1] / 50)) % 15)
        }
        return Action.Plan.Bound(
            free: slots + step.numbers[2] / 5 % 3,
            held: Dictionary(uniqueKeysWithValues: held.filter { $0.1 > 0 }))
    }

    /// All there is, up to so many groups.
    static func all(_ slots: Int) -> Action.Plan {
        Action.Plan(
            slots: slots, belowHigh: slots, belowDefault: slots,
            shares: Cast.allLanes.map { .init(lane: $0, quota: 0, limit: slots) })
    }

    // MARK: Leases

    private mutating func verb(_ kind: Step.Kind, _ handle: Handle, _ step: Step) -> Action.HolderVerb {
        switch kind {
        case .ack: return ack(handle, step)
        case .retryLater: return .retryLater(isDue: step.chance(1, 60), refund: step.chance(2, 50))
        case .release: return .release
        case .failToDead: return .failToDead(reason: "model")
        case .checkpoint:
            noteCount += 1
            let names = [["answer"], ["sent"], ["answer", "sent"]][step[1, of: 3]]
            return .checkpoint(Dictionary(uniqueKeysWithValues: names.map { ($0, "\(noteCount)") }))
        case .merge: return merge(handle, step)
        default: return step.chance(1, 50) ? .held : .waiting(limit: step[2, of: 5])
        }
    }

    /// Mostly what stands behind the head; some from further behind, some from elsewhere, some once more.
    private func merge(_ handle: Handle, _ step: Step) -> Action.HolderVerb {
        let waiting = groups[handle.group]?.jobs.dropFirst() ?? []
        var jobs = Array(waiting.dropFirst(step.chance(1, 15) ? 1 : 0).prefix(1 + step[2, of: 3]))
        if step.chance(3, 20), let other = pick(offered, step, by: \.job.id)?.job, !jobs.contains(other) {
            jobs.insert(other, at: step[4, of: jobs.count + 1])
        }
        let before = steps[handle.job.id]?.filter { $0.key.hasPrefix("merged.") }.values.sorted() ?? []
        if step.chance(5, 30) {
            jobs =
                before.map { id in
                    ModelJob(
                        id: id, lane: handle.job.lane, tenant: handle.job.tenant, conversation: handle.job.conversation)
                } + jobs
        }
        return jobs.isEmpty ? .waiting(limit: 1) : .merge(jobs)
    }

    private mutating func ack(_ handle: Handle, _ step: Step) -> Action.HolderVerb {
        let length = groups[handle.group]?.jobs.count ?? 1
        // One more than there is in few cases: that is refused.
        let count = step.chance(1, 60) ? 1 : step.chance(1, 95) ? 1 + step[1, of: length] : length + 1
        // What belongs to no conversation has no memory.
        let notes = handle.job.conversation == nil ? 0 : [0, 1, 2, 7][step[2, of: 4]]
        let remember = (0..<notes).map { _ in
            noteCount += 1
            return "n\(noteCount)"
        }
        let following = (0..<max(0, step[3, of: 8] - 5)).map { index in
            jobCount += 1
            let isOfParty = handle.job.conversation != nil && step.chance(4, 60)
            let lane = isOfParty ? Cast.allLanes[(step[5, of: 9] + index) % 4] : Cast.followingLane
            return ModelJob(
                id: "f\(jobCount)", lane: lane, tenant: handle.job.tenant,
                conversation: isOfParty ? handle.job.conversation : nil)
        }
        return .ack(count: count, remember: remember, following: following)
    }

    private mutating func staleAction(_ step: Step, _ handle: Handle) -> Action {
        let kinds: [Step.Kind] = [.ack, .retryLater, .release, .failToDead, .checkpoint, .read, .merge, .heartbeat]
        let kind = kinds[step[5, of: kinds.count]]
        if kind == .heartbeat { return .heartbeat([handle], isLast: step.chance(1, 50)) }
        return .hold(verb(kind, handle, step), handle)
    }

    private func heartbeat(_ step: Step) -> Action? {
        var handles = live.enumerated().filter { (step.numbers[1] >> ($0.offset % 10)) & 1 == 1 }.map(\.element)
        if step.chance(2, 50), let lost = pick(stale, step) { handles.append(lost) }
        return handles.isEmpty ? nil : .heartbeat(handles, isLast: step.chance(3, 15))
    }

    private func target(_ step: Step) -> PauseTarget {
        // Suspects are few, and meet a pause seldom.
        if let suspect = suspects.first, step.chance(3, 40) {
            return step.chance(1, 50) ? .lane(Self.lane(of: suspect)) : .tenant(TenantID(Self.tenant(of: suspect)))
        }
        return step.chance(1, 50)
            ? .lane(Cast.allLanes[step[2, of: Cast.allLanes.count]])
            : .tenant(TenantID(Cast.tenants[step[2, of: Cast.tenants.count]]))
    }
}
