import Native

/// Checks the queue's keys in the background, a little at a time, and has faults repaired.
///
/// Each pass looks at the groups on the next page of the keyspace. After the last page every shard is looked at as a
/// whole, unless it holds too much for one short script.
@LoopActor package final class Auditor {
    package struct Options: Sendable {
        /// Keys that one pass scans, those of other kinds included. About 0.3 ms of Redis for a thousand.
        package var scannedKeys = 2000
        /// Groups in one script.
        package var groupsAtOnce = 10
        /// Groups in a shard up to which it is looked at whole.
        package var wholeShard = 200
        /// Ready groups of a business up to which one is always searched for among them; ten times as many in longer
        /// lists, for each script.
        package var searchedList = 1000

        package init() {}
    }

    private let queue: RedisQueue
    private let options: Options
    private var cursor = "0"
    /// Groups with jobs that this round found.
    private var scanned: [Set<String>]

    package init(queue: RedisQueue, options: Options = Options()) {
        self.queue = queue
        self.options = options
        scanned = Array(repeating: [], count: queue.sharding.count)
    }

    /// One pass. Returns what was repaired: nothing, in a sound queue.
    package func pass() async throws(QueueError) -> [Repair] {
        var repairs: [Repair] = []
        for (shard, groups) in try await page() {
            for start in stride(from: 0, to: groups.count, by: options.groupsAtOnce) {
                let some = groups[start..<min(start + options.groupsAtOnce, groups.count)]
                repairs += try await audit(shard, whole: false, some)
            }
            if scanned[shard].count <= options.wholeShard { scanned[shard].formUnion(groups) }
        }
        if cursor == "0" {
            for shard in scanned.indices {
                // Named are those that only the scan may know of, or their jobs would seem to be counted too many.
                if scanned[shard].count <= options.wholeShard {
                    repairs += try await audit(shard, whole: true, scanned[shard])
                }
                scanned[shard] = []
            }
        }
        return repairs
    }

    /// The next page of the keyspace: the groups that have jobs, by shard.
    private func page() async throws(QueueError) -> [Int: [String]] {
        let reply: [RedisValue]
        do throws(RedisError) {
            reply =
                try await queue.client.send(
                    RedisCommand("SCAN", cursor, "MATCH", ShardKeys.anyJobs, "COUNT", String(options.scannedKeys))
                ).items ?? []
        } catch { throw QueueError(error) }
        guard reply.count == 2, let next = reply[0].text else { throw .rejected("SCAN answered \(reply)") }
        cursor = next
        var groups: [Int: [String]] = [:]
        for key in reply[1].items ?? [] {
            guard let (shard, group) = key.text.flatMap(ShardKeys.group(ofJobs:)), shard < queue.sharding.count
            else { continue }
            groups[shard, default: []].append(group)
        }
        return groups
    }

    private func audit(
        _ shard: Int, whole: Bool, _ groups: some Sequence<String>
    ) async throws(QueueError) -> [Repair] {
        var arguments = RedisArguments()
        arguments.append(whole ? options.wholeShard : 0)
        arguments.append(options.searchedList)
        arguments.append(Lane.allCases.count)
        for lane in Lane.allCases { arguments.append(lane.rawValue) }
        for group in groups { arguments.append(group) }
        return try await queue.run(queue.scripts.audit, on: shard, arguments).pairs.compactMap { kind, subject in
            Repair.Kind(rawValue: kind.text ?? "").map { Repair(kind: $0, subject: subject.text ?? "") }
        }
    }
}
