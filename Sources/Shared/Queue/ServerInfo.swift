/// What INFO says about a server, as far as the queue depends on it.
package struct ServerInfo: Sendable {
    private var fields: [Substring: Substring] = [:]

    package init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...]
        }
    }

    package var version: String? { fields["redis_version"].map(String.init) }

    /// Why the queue cannot work on this server; nil when it can.
    package var refusal: String? {
        let version = fields["redis_version"] ?? "unknown"
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        if numbers.count < 2 || (numbers[0], numbers[1]) < (6, 2) {
            return "Redis is \(version), and the queue needs 6.2 or later"
        }
        if let policy = fields["maxmemory_policy"], policy != "noeviction" {
            return "Redis may throw jobs away: set maxmemory-policy to noeviction (it is \(policy))"
        }
        return nil
    }

    /// From the section `memory`. Buffers of replicas and of the append-only file do not count, as for Redis itself.
    package var shedding: Shedding {
        func bytes(_ field: Substring) -> Int { fields[field].flatMap { Int($0) } ?? 0 }
        return Shedding(used: bytes("used_memory") - bytes("mem_not_counted_for_evict"), limit: bytes("maxmemory"))
    }

    package var warnings: [String] {
        guard fields["aof_enabled"] == "0" else { return [] }
        return ["appendonly is off: accepted messages are lost when Redis restarts"]
    }
}
