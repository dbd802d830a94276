import Native

/// What each process tells the others of itself, so that one of them can show all.
///
/// One HASH `rj:processes`: id -> the report as JSON. A process that is silent for `lifetime` counts as gone.
@LoopActor package final class ProcessRegistry {
    /// One process's own words.
    package struct Report: Sendable, Equatable {
        package var role: String
        package var processed = 0
        package var duplicates = 0
        package var errors = 0
        package var inFlight = 0
        /// Jobs that ended for good, done or dead, over about the last 10 s.
        package var finishedPerSecond: [Lane: Double] = [:]
        /// As far as the process knows; the same everywhere within a second.
        package var circuitsOpen: [ProviderName: Int] = [:]
        package var cacheHits = 0
        package var cacheMisses = 0
        package var cacheKeys = 0

        package init(role: String) { self.role = role }
    }

    package static let lifetime: Duration = .seconds(15)
    private static let remembered: Duration = .seconds(3600)
    /// Between two reports of a process.
    package static let interval: Duration = .seconds(2)
    private static let key = "rj:processes"

    private let redis: RedisClient
    /// Of this process.
    package let id: String

    package init(redis: RedisClient, id: String) {
        self.redis = redis
        self.id = id
    }

    package func report(_ report: Report, at time: WallTime = .now()) async throws(RedisError) {
        _ = try await redis.send(RedisCommand("HSET", Self.key, id, report.text(at: time)))
    }

    /// Tells the others every now and then until cancelled. Redis may be down: the next report tells all of it again.
    package func keepReporting(_ report: @LoopActor () -> Report) async {
        while !Task.isCancelled {
            try? await self.report(report())
            try? await LoopActor.loop.sleep(for: Self.interval)
        }
    }

    package func leave() async throws(RedisError) { _ = try await redis.send(RedisCommand("HDEL", Self.key, id)) }

    /// The reports of all processes that are there. Those of processes that went without a word are removed an hour
    /// later: whoever reads may have a clock of its own.
    package func reports(at time: WallTime = .now()) async throws(RedisError) -> [Report] {
        try await reportsByID(at: time).map(\.report)
    }

    /// The same with the processes' ids.
    package func reportsByID(
        at time: WallTime = .now()
    ) async throws(RedisError) -> [(id: String, report: Report)] {
        let fields = try await redis.send(RedisCommand("HGETALL", Self.key)).pairs
        var reports: [(id: String, report: Report)] = [], gone: [String] = []
        let remembered = Int64(Self.remembered.milliseconds)
        for (id, report) in fields {
            guard let id = id.text else { continue }
            guard let text = report.bytes, let (report, at) = Report.read(text) else {
                gone.append(id)
                continue
            }
            let age = time.milliseconds - at.milliseconds
            if age < Int64(Self.lifetime.milliseconds) {
                reports.append((id, report))
            } else if age > remembered {
                gone.append(id)
            }
        }
        for id in gone { _ = try await redis.send(RedisCommand("HDEL", Self.key, id)) }
        return reports
    }
}

extension ProcessRegistry.Report {
    fileprivate func text(at time: WallTime) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("role", role)
        json.field("at", Int(time.milliseconds))
        json.field("processed", processed)
        json.field("duplicates", duplicates)
        json.field("errors", errors)
        json.field("in_flight", inFlight)
        json.key("finished_per_second")
        json.beginObject()
        for lane in Lane.allCases {
            guard let rate = finishedPerSecond[lane] else { continue }
            json.key(named: lane.rawValue)
            json.value(rate)
        }
        json.endObject()
        json.key("circuits_open")
        json.beginObject()
        for provider in ProviderName.allCases {
            guard let count = circuitsOpen[provider] else { continue }
            json.key(named: provider.rawValue)
            json.value(count)
        }
        json.endObject()
        json.field("cache_hits", cacheHits)
        json.field("cache_misses", cacheMisses)
        json.field("cache_keys", cacheKeys)
        json.endObject()
        return json.text
    }

    /// nil when the text is not one that `text(at:)` made.
    @LoopActor fileprivate static func read(_ text: [UInt8]) -> (report: Self, at: WallTime)? {
        let read = try? JSON.read(text) { json -> (Self, WallTime)? in
            guard let role = json["role"]?.string, let at = json["at"]?.int else { return nil }
            var report = Self(role: role)
            report.processed = json["processed"]?.int ?? 0
            report.duplicates = json["duplicates"]?.int ?? 0
            report.errors = json["errors"]?.int ?? 0
            report.inFlight = json["in_flight"]?.int ?? 0
            for (name, rate) in json["finished_per_second"]?.fields ?? [] {
                if let lane = Lane(rawValue: name) { report.finishedPerSecond[lane] = rate.double }
            }
            for (name, count) in json["circuits_open"]?.fields ?? [] {
                if let provider = ProviderName(rawValue: name) { report.circuitsOpen[provider] = count.int }
            }
            report.cacheHits = json["cache_hits"]?.int ?? 0
            report.cacheMisses = json["cache_misses"]?.int ?? 0
            report.cacheKeys = json["cache_keys"]?.int ?? 0
            return (report, WallTime(milliseconds: Int64(at)))
        }
        return read ?? nil
    }
}
