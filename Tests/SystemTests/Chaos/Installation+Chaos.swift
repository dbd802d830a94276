import Foundation
import Native

extension Installation.Options {
    /// - Parameter aiLatencyMS: how long the AI thinks, and with it about how long a job is in hand.
    static func chaos(workers: Int, aiLatencyMS: Int) -> Self {
        var options = Self()
        options.workers = workers
        options.simulatorArguments = ["--ai-latency-ms", "\(aiLatencyMS)", "--gateway-latency-ms", "20"]
        // A slow machine must not bring stop-gap texts, which would be no fault.
        options.environment = ["LOG_LEVEL": "info", "AI_TIMEOUT_SECONDS": "60"]
        return options
    }
}

extension Installation {
    /// Leases that were taken over so far, by the schedulers' logs.
    var reaped: Int {
        services.filter { $0.name == "rejoinder-scheduler" }.flatMap(\.lines)
            .filter { $0.contains(#""leases_reaped""#) }
            .reduce(0) { $0 + ((try? Self.number("count", in: $1)) ?? 0) }
    }

    /// What all workers and their quarantine processes have logged.
    var workerLines: [String] { services.filter { $0.name == "rejoinder-worker" }.flatMap(\.lines) }

    /// Attempts beyond the first that finished jobs have used, by the workers' logs.
    func attemptsConsumed() throws -> Int {
        try workerLines
            .filter { $0.contains(#""job_finished""#) && $0.contains(#""attempt""#) }
            .reduce(0) { try $0 + Self.number("attempt", in: $1) - 1 }
    }

    /// Writes all log lines of all processes to files, for whoever looks into a failure.
    func keepLogs() {
        let build = URL(fileURLWithPath: ServiceUnderTest.folder).deletingLastPathComponent().path
        let folder = build + "/chaos-logs/\(Int(Date().timeIntervalSince1970))"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for service in services {
            let text = service.lines.joined(separator: "\n")
            try? text.write(toFile: "\(folder)/\(service.name)-\(service.pid)", atomically: false, encoding: .utf8)
        }
        print("the processes' logs are in \(folder)")
    }

    private static func number(_ key: StaticString, in line: String) throws -> Int {
        try JSON.read(Array(line.utf8)) { $0[key]?.int ?? 0 }
    }
}
