package struct WorkerSettings: Sendable {
    /// Lanes to work on and their weights, in the order given.
    package let lanes: [(lane: Lane, weight: Int)]
    package let concurrency: Int
    package let businessCache: Duration
    package let shutdownGrace: Duration
    /// What a send may take until WhatsApp's server has acknowledged it.
    package let longestSend: Duration

    init(_ reader: inout EnvironmentReader) {
        let standard = Lane.allCases.map(\.rawValue).joined(separator: ",")
        let text = reader.string("WORKER_QUEUES", default: standard, "queues to work on; name:weight allowed")
        lanes = Self.parse(text, &reader)
        concurrency = reader.int("WORKER_CONCURRENCY", default: 1000, in: 1...100_000, "jobs in flight in one process")
        businessCache = reader.seconds("BUSINESS_CACHE_SECONDS", default: 300, "how long a business is cached")
        longestSend = reader.seconds(
            "SEND_ACK_SECONDS", default: 60, in: 1...600,
            "past it a send that a gateway took and WhatsApp's server did not acknowledge goes another way")
        shutdownGrace = reader.seconds(
            "SHUTDOWN_GRACE_SECONDS", default: 25, in: 1...3600, "time to finish or hand back work after SIGTERM")
    }

    private static func parse(_ text: String, _ reader: inout EnvironmentReader) -> [(lane: Lane, weight: Int)] {
        var lanes: [(lane: Lane, weight: Int)] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.trimmingSpaces().split(separator: ":", omittingEmptySubsequences: false)
            guard let lane = parts.first.flatMap({ Lane(rawValue: String($0)) }), parts.count <= 2,
                let weight = parts.count == 2 ? Int(parts[1]) : lane.standardWeight, (1...100).contains(weight),
                !lanes.contains(where: { $0.lane == lane })
            else {
                let names = Lane.allCases.map(\.rawValue).joined(separator: ", ")
                reader.reject(
                    "WORKER_QUEUES: \"\(item)\" must be one of \(names), each once, with an optional :weight from 1 "
                        + "to 100; example: WORKER_QUEUES=high:8,default")
                continue
            }
            lanes.append((lane, weight))
        }
        return lanes
    }
}
