import Native
import Shared

/// Dead jobs as a person reads them.
enum DeadText {
    /// Without payloads, which hold what people wrote.
    static func list(_ jobs: [DeadJob], now: WallTime) -> String {
        if jobs.isEmpty { return "No dead job.\n" }
        var table = TextTable(
            columns: [
                .init(title: "ID"), .init(title: "DIED"), .init(title: "AGE", isNumber: true), .init(title: "QUEUE"),
                .init(title: "NAME"), .init(title: "BUSINESS"), .init(title: "ATTEMPTS", isNumber: true),
                .init(title: "STATE"), .init(title: "REASON"),
            ])
        for job in jobs {
            let age = Duration.milliseconds(now.milliseconds - job.diedAt.milliseconds)
            table.rows.append([
                Shown.line(job.id), String(Timestamp.text(job.diedAt).prefix(19)) + "Z", Shown.age(age),
                Shown.line(job.queue), Shown.line(job.name), Shown.line(job.business ?? "-"), "\(job.attempts)",
                job.replayedAt == nil ? "waits" : "replayed", Shown.line(job.reason, limit: 80),
            ])
        }
        return table.text
    }

    /// Everything that is known of one.
    static func detail(_ job: DeadJob) -> String {
        let state = job.replayedAt.map { "replayed at \(Timestamp.text($0))" } ?? "waits for an operator"
        var text = Shown.fields([
            ("Job", job.id), ("State", state), ("Queue", job.queue), ("Name", "\(job.name), version \(job.version)"),
            ("Business", job.business), ("Conversation", job.conversation),
            ("First failed", job.firstFailedAt.map(Timestamp.text)), ("Died", Timestamp.text(job.diedAt)),
            ("Attempts", "\(job.attempts)"), ("Reason", job.reason), ("Trace", job.traceparent),
        ])
        text += "Payload\n" + indented(PrettyJSON.text(job.payload))
        if job.steps.isEmpty { return text + "No recorded steps\n" }
        text += "Recorded steps\n"
        for (step, value) in job.steps.sorted(by: { $0.key < $1.key }) {
            text += indented("\(Shown.line(step)): \(Shown.line(value))")
        }
        return text
    }

    private static func indented(_ text: String) -> String {
        Shown.printable(text).split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}
