import Native

/// The form of a job in its group's list:
///
///     <enqueued at, ms>|<job id>|{"name":"…","v":1,"trace":"…"}\n<payload>
///
/// What the group's id says already is not repeated. The scripts write and read what stands before the body.
enum JobRecord {
    /// The name of a job whose record could not be read. No handler has it, so that it ends as dead with that
    /// reason and not as a hole in the queue; its payload is the whole record.
    static let unreadable = "unreadable"

    /// What follows the second bar.
    static func body(of job: Job) -> [UInt8] {
        var writer = JSONWriter(reserving: 160 + job.payload.count)
        writer.beginObject()
        writer.field("name", job.name)
        writer.field("v", job.version)
        writer.field("trace", ifPresent: job.traceparent)
        writer.endObject()
        writer.endLine()
        writer.raw(job.payload)
        return writer.bytes
    }

    @LoopActor static func read(_ record: [UInt8], of group: JobGroup) -> Job {
        let parts = record.split(separator: UInt8(ascii: "|"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let enqueuedAt = Int(String(decoding: parts[0], as: UTF8.self)) else {
            return job(unreadable, JobID(""), group, record[...])
        }
        let id = JobID(String(decoding: parts[1], as: UTF8.self))
        var job = read(body: parts[2], id, group) ?? job(unreadable, id, group, record[...])
        job.enqueuedAtMS = enqueuedAt
        return job
    }

    @LoopActor private static func read(body: ArraySlice<UInt8>, _ id: JobID, _ group: JobGroup) -> Job? {
        guard let end = body.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var job = job("", id, group, body[(end + 1)...])
        let isRead = try? JSON.read(Array(body[..<end])) { (header) throws(JSONError) in
            guard let name = header["name"]?.string, let version = header["v"]?.int else { return false }
            job.name = name
            job.version = version
            job.traceparent = header["trace"]?.string
            return true
        }
        return isRead == true ? job : nil
    }

    private static func job(_ name: String, _ id: JobID, _ group: JobGroup, _ payload: ArraySlice<UInt8>) -> Job {
        Job(
            id: id, name: name, version: 0, lane: group.lane, tenant: group.tenant, conversation: group.conversation,
            payload: Array(payload))
    }
}
