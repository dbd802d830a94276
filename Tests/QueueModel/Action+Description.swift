@testable import Shared

extension Action: CustomStringConvertible {
    /// As QUEUE and the scripts call it.
    var verb: String {
        switch self {
        case .enqueue: "enqueue"
        case .claim: "claim"
        case .claimSuspects: "claim of suspects"
        case .hold(let verb, _): verb.name
        case .heartbeat: "heartbeat"
        case .reap: "reap"
        case .promote: "promote"
        case .pause: "pause"
        case .resume: "resume"
        case .replay: "replay"
        case .runOut, .comeDue, .endGrace: "time"
        case .beAway: "outage"
        case .audit: "audit"
        case .look: "inspect"
        case .damage: "audit of damage"
        case .forgetScripts: "script flush"
        case .turnClockBack: "clock"
        }
    }

    var description: String {
        switch self {
        case .enqueue(let job, let dedupe, let isDelayed):
            "enqueue \(job.id) in \(job.group)\(dedupe == job.id ? "" : ", known as \(dedupe)")"
                + (isDelayed ? ", delayed" : "")
        case .claim(let worker, let plan, let isSilent): "claim for \(worker): \(plan)\(Self.ending(isSilent))"
        case .claimSuspects(let worker, let slots, let isSilent):
            "claim \(slots) suspects for \(worker)\(Self.ending(isSilent))"
        case .hold(let verb, let handle): "\(verb) of \(handle)"
        case .heartbeat(let handles, let isLast):
            "heartbeat of \(handles.map(\.description).joined(separator: ", "))\(Self.ending(isLast))"
        case .reap(let limit): "reap, at most \(limit)"
        case .promote(let limit): "promote, at most \(limit)"
        case .pause(let target): "pause \(target.member)"
        case .resume(let target): "resume \(target.member)"
        case .replay(let job, let steps, let dedupe): "replay \(job.id) in \(job.group) with \(steps) as \(dedupe)"
        case .runOut(let group): "the lease of \(group) runs out"
        case .comeDue(let group): "\(group) comes due"
        case .beAway: "nobody reaps for a while"
        case .endGrace: "the time to renew leases is over"
        case .audit: "audit"
        case .look: "inspect"
        case .damage(let damage): "damage, then audit: \(damage)"
        case .forgetScripts: "SCRIPT FLUSH"
        case .turnClockBack: "the clock goes back by an hour"
        }
    }

    private static func ending(_ isSilent: Bool) -> String { isSilent ? ", leases that run out at once" : "" }
}

extension Action.Plan: CustomStringConvertible {
    var description: String {
        let lanes = shares.map { "\($0.lane.rawValue) \($0.quota)/\($0.limit)" }.joined(separator: ", ")
        let tenants = bound.map { bound in
            let held = bound.held.sorted { $0.key < $1.key }.map { "\($0.key) holds \($0.value)" }
            return "; of \(bound.free) that are free" + held.map { ", \($0)" }.joined()
        }
        return "\(slots) slots, below high \(belowHigh), below default \(belowDefault); \(lanes)" + (tenants ?? "")
    }
}

extension Action.HolderVerb: CustomStringConvertible {
    var name: String {
        switch self {
        case .ack: "ack"
        case .retryLater: "retryLater"
        case .release: "release"
        case .failToDead: "failToDead"
        case .checkpoint: "checkpoint"
        case .waiting: "waiting"
        case .merge: "merge"
        case .held: "held"
        }
    }

    var description: String {
        switch self {
        case .ack(let count, let remember, let following):
            "ack \(count)" + (remember.isEmpty ? "" : ", remembering \(remember.joined(separator: " "))")
                + following.map { ", then \($0.id) in \($0.group)" }.joined()
        case .retryLater(let isDue, let refund):
            "retryLater\(isDue ? " at once" : "")\(refund ? " with the attempt refunded" : "")"
        case .checkpoint(let steps): "checkpoint \(steps)"
        case .waiting(let limit): "waiting, at most \(limit),"
        case .merge(let jobs): "merge of \(jobs.map(\.id).joined(separator: " "))"
        case .release, .failToDead, .held: name
        }
    }
}

extension Handle: CustomStringConvertible {
    var description: String { "\(job.id) in \(group) by …\(token.suffix(6))" }
}
