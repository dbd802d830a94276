import Foundation
import Shared
import Testing

/// The alert rules and the dashboard that ship, held against the metrics that the processes have.
@Suite("Monitoring files") struct MonitoringFilesTests {
    private static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.project.appendingPathComponent(path), encoding: .utf8)
    }

    /// Words of a text that a pattern finds.
    private func words(_ pattern: String, in text: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
            Range($0.range(at: 1), in: text).map { String(text[$0]) }
        }
    }

    private static let metric = #"\b((?:rejoinder|process)_[a-z0-9_]+)(?!\.)"#

    @Test(arguments: [
        "monitoring/rejoinder.rules.yml", "monitoring/rejoinder.rules.test.yml", "monitoring/grafana/rejoinder.json",
    ])
    func `every metric that is asked for exists`(path: String) throws {
        let names = Set(MetricName.allCases.map(\.rawValue))
        let asked = Set(try words(Self.metric, in: try text(path)))
        #expect(asked.count > 10)
        for name in asked.sorted() {
            let suffix = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) } ?? ""
            #expect(names.contains(String(name.dropLast(suffix.count))), "\(name) in \(path)")
        }
    }

    @Test func `every metric is on the dashboard, but for the build's`() throws {
        let dashboard = try text("monitoring/grafana/rejoinder.json")
        for name in MetricName.allCases where name != .buildInfo {
            #expect(dashboard.contains(name.rawValue), "\(name.rawValue)")
        }
    }

    @Test func `every alert has a test of when it is there and when it is not, and words for the operator`() throws {
        let alerts = try words(#"^ +- alert: (\w+)$"#, in: try text("monitoring/rejoinder.rules.yml"))
        #expect(alerts.count > 10 && Set(alerts).count == alerts.count)
        let tests = try text("monitoring/rejoinder.rules.test.yml"), manual = try text("docs/operating.md")
        for alert in alerts {
            let cases = tests.components(separatedBy: "alertname: \(alert)\n").dropFirst()
                .map { $0.hasPrefix("        exp_alerts: []") }
            #expect(cases.contains(true) && cases.contains(false), "\(alert) is not tested both ways")
            #expect(manual.contains("| `\(alert)` |"), "\(alert) is not in docs/operating.md")
        }
        let told = try words(#"^\| `(Rejoinder\w+)` \|"#, in: manual)
        #expect(told == alerts, "docs/operating.md names the alerts in the order of the rules")
    }
}
