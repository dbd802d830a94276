import Native
import Shared
import TestSupport
import Testing

@Suite("Log", .onLoop)
@LoopActor struct LogTests {
    @Test func `a line is one JSON object with the fixed keys first`() throws {
        var written: [UInt8] = []
        let log = Log(level: .info) { written += $0 }
        log.info(.replySent, "Reply sent", [.jobID: "j1", .attempts: 2, .totalMS: .milliseconds(.microseconds(1500))])
        log.debug(.jobStarted, "Not written at this level")
        log.flush()
        let line = String(decoding: written, as: UTF8.self)
        #expect(line.hasSuffix("\n") && line.split(separator: "\n").count == 1)
        try JSON.read(Array(line.utf8)) { root in
            #expect(root.fields.map(\.name) == ["ts", "level", "event", "msg", "job_id", "attempts", "total_ms"])
            #expect(root["event"]?.string == "reply_sent")
            #expect(root["total_ms"]?.double == 1.5)
        }
    }

    @Test(arguments: [
        ("15550001234@s.whatsapp.net", "*******1234@s.whatsapp.net"),
        ("whatsapp:+15550001234", "*****************1234"),
        ("123", "123"),
    ])
    func `addresses show their last four characters only`(address: String, shown: String) {
        #expect(LogValue.masked(address) == .text(shown))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_123, "2000-02-29T00:00:00.123Z"),
        (1_763_650_000_000, "2025-11-20T14:46:40.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
    ])
    func `timestamps are RFC 3339 in UTC`(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(WallTime(milliseconds: milliseconds)) == text)
    }
}

@Suite("Metrics", .onLoop)
@LoopActor struct MetricsTests {
    @Test func `counters, gauges and histograms are written in Prometheus' text format`() {
        let metrics = Metrics()
        metrics.counter(.sends, [.provider: "baileys", .outcome: "sent"]).increment()
        metrics.counter(.sends, [.provider: "baileys", .outcome: "sent"]).increment(by: 2)
        metrics.gauge(.jobsInFlight) { 7 }
        let histogram = metrics.histogram(.aiSeconds, bounds: [0.1, 1])
        histogram.observe(0.05)
        histogram.observe(.milliseconds(500))
        histogram.observe(3.0)
        let text = metrics.text
        #expect(
            text.contains(
                "# TYPE rejoinder_sends_total counter\nrejoinder_sends_total{provider=\"baileys\",outcome=\"sent\"} 3\n"
            ))
        #expect(text.contains("rejoinder_jobs_in_flight 7\n"))
        #expect(text.contains("rejoinder_ai_seconds_bucket{le=\"0.1\"} 1\nrejoinder_ai_seconds_bucket{le=\"1\"} 2\n"))
        #expect(
            text.contains(
                "rejoinder_ai_seconds_bucket{le=\"+Inf\"} 3\nrejoinder_ai_seconds_sum 3.55\nrejoinder_ai_seconds_count 3\n"
            ))
    }
}
