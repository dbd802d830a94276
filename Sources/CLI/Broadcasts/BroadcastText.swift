import Native
import Shared

/// Broadcasts as a person reads them.
enum BroadcastText {
    static func list(_ all: [Broadcast]) -> String {
        if all.isEmpty { return "No broadcast.\n" }
        var table = TextTable(
            columns: [
                .init(title: "BUSINESS"), .init(title: "ID", isNumber: true), .init(title: "STATUS"),
                .init(title: "CONTACTS", isNumber: true), .init(title: "SENT", isNumber: true),
                .init(title: "FAILED", isNumber: true), .init(title: "OPTED OUT", isNumber: true), .init(title: "NAME"),
            ])
        for broadcast in all {
            table.rows.append([
                Shown.line(broadcast.business), "\(broadcast.id)", broadcast.status.rawValue, "\(broadcast.size)",
                count(broadcast, .sent), count(broadcast, .failed), count(broadcast, .optedOut),
                Shown.line(broadcast.name, limit: 40),
            ])
        }
        return table.text
    }

    static func show(_ broadcast: Broadcast, failures: [(contact: String, error: String)]) -> String {
        var lines = [
            "Broadcast \(broadcast.id) of \(Shown.line(broadcast.business)): \(Shown.line(broadcast.name))",
            "status     \(broadcast.status.rawValue)",
        ]
        for (name, time) in [
            ("scheduled", broadcast.scheduledAt), ("started", broadcast.startedAt), ("finished", broadcast.finishedAt),
        ] {
            if let time { lines.append("\(name.padding(to: 11))\(Timestamp.text(time))") }
        }
        if let provider = broadcast.provider { lines.append("provider   \(provider.rawValue)") }
        lines.append("contacts   \(broadcast.size)")
        for status in Broadcast.RecipientStatus.allCases {
            if let count = broadcast.recipients[status] { lines.append("\(status.rawValue.padding(to: 11))\(count)") }
        }
        for failure in failures { lines.append("  \(Shown.line(failure.contact)): \(Shown.line(failure.error))") }
        return (lines + ["", Shown.printable(broadcast.body)]).joined(separator: "\n") + "\n"
    }

    private static func count(_ broadcast: Broadcast, _ status: Broadcast.RecipientStatus) -> String {
        "\(broadcast.recipients[status] ?? 0)"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
