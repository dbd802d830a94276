@testable import Shared

extension ModelQueue {
    /// All of it in lines, as the oracle tells what is in Redis.
    var text: String {
        var lines: [String] = []
        func line(_ words: String...) { lines.append(words.joined(separator: " ")) }
        func list(_ name: String, _ words: [String]) {
            if !words.isEmpty { lines.append(name + " " + words.joined(separator: " ")) }
        }
        var lengths: [String: Int] = [:]
        for (id, group) in groups {
            list("l \(id) \(group.failures) \(group.crashes)", group.jobs.map(\.id))
            let job = group.jobs[0]
            lengths[job.lane.rawValue, default: 0] += group.jobs.count
            lengths["\(job.lane.rawValue)|\(job.tenant)", default: 0] += group.jobs.count
        }
        for (field, count) in lengths { line("ct", field, "\(count)") }
        for (turns, groups) in ready { list("g \(turns.lane.rawValue):\(turns.tenant)", groups) }
        for (lane, tenants) in turns { list("t \(lane.rawValue)", tenants) }
        for (lane, tenants) in parked { list("pk \(lane.rawValue)", tenants) }
        list("sq", suspects)
        for (group, lease) in leases {
            line("fl", group, lease.hasRunOut ? "now" : "later", lease.token)
        }
        for (group, isDue) in delayed { line("dl", group, isDue ? "now" : "later") }
        for (job, steps) in steps {
            list("cp \(job)", steps.map { "\($0.key)=\($0.value)" }.sorted())
        }
        for (party, notes) in memory { list("h \(party)", notes) }
        for target in paused { line("ps", target.member) }
        list("idle", idle.sorted())
        line("d", "\(seen.count)")
        line("dead", "\(burials.count)", burials.last ?? "")
        if isInGrace { line("grace") }
        lines.sort()
        return lines.joined(separator: "\n")
    }
}
