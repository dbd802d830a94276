import Foundation
import Native
import Shared
import TestSupport
import Testing

@Suite("Monitoring", .onLoop, .serialized)
@LoopActor struct MonitoringTests {
    /// What an alert or a panel asks for: `name{label="value",…}`.
    private struct Selector: Hashable {
        let name: String
        /// Each a pattern, as in PromQL.
        let labels: [String: String]

        /// Whether a line of `/metrics` is of a series that it selects.
        func selects(_ line: String) -> Bool {
            guard line.hasPrefix(name), [" ", "{"].contains(line.dropFirst(name.count).first) else { return false }
            return labels.allSatisfy { label, pattern in
                pattern.split(separator: "|").contains { line.contains("\(label)=\"\($0)\"") }
            }
        }
    }

    /// The selectors of the rules or the dashboard. A label that must not have a value says nothing of what there is.
    private func selectors(in path: String) throws -> Set<Selector> {
        let project = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: project.appendingPathComponent(path), encoding: .utf8)
            .replacingOccurrences(of: "\\\"", with: "\"")
        let series = try NSRegularExpression(pattern: #"\b((?:rejoinder|process)_[a-z0-9_]+)(?:\{([^}]*)\})?"#)
        let label = try NSRegularExpression(pattern: #"(\w+)=~?"([^"]*)""#)
        func group(_ match: NSTextCheckingResult, _ number: Int, _ text: String) -> String {
            Range(match.range(at: number), in: text).map { String(text[$0]) } ?? ""
        }
        let all = series.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            let labels = group(match, 2, text)
            let pairs = label.matches(in: labels, range: NSRange(labels.startIndex..., in: labels)).map {
                (group($0, 1, labels), group($0, 2, labels))
            }
            return Selector(name: group(match, 1, text), labels: Dictionary(pairs) { $1 })
        }
        return Set(all)
    }

    /// Those that only an event makes which a test of everything going well does not have.
    private static let byEvent = ["rejoinder_failovers_total"]

    @Test func `what alerts and dashboard ask for is what the processes tell`() async throws {
        try await Installation.with { system in
            let ports = [try #require(TCPPort.anyFree()), try #require(TCPPort.anyFree())]
            await system.workers[0].kill()
            let worker = try system.addWorker(changing: ["METRICS_PORT": "\(ports[0])"])
            try await worker.started()
            // It stands by, and tells of the queue all the same.
            let scheduler = try ServiceUnderTest(
                "rejoinder-scheduler", system.environment.merging(["METRICS_PORT": "\(ports[1])"]) { $1 })
            try await scheduler.started()
            try await system.post("Hi", from: "15550001111", id: "M1")
            try await system.delivered(1)
            try await system.quiet()
            var told = String(decoding: try await system.get("/metrics").body, as: UTF8.self)
            for service in [worker, scheduler] {
                told += try await poll(within: .seconds(20), "\(service.name) to tell what it knows") {
                    let answer = try await system.call("GET", service, "/metrics")
                    let text = String(decoding: answer.body, as: UTF8.self)
                    return service === worker || text.contains("rejoinder_workers 1") ? text : nil
                }
            }
            await scheduler.kill()
            let lines = told.split(separator: "\n").map(String.init)
            for path in ["monitoring/rejoinder.rules.yml", "monitoring/grafana/rejoinder.json"] {
                let selectors = try selectors(in: path)
                #expect(selectors.count > 15)
                for selector in selectors where !Self.byEvent.contains(selector.name) {
                    #expect(lines.contains(where: selector.selects), "\(selector) of \(path)")
                }
            }
        }
    }
}
