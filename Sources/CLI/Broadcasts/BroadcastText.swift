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
        let title = "Broadcast \(broadcast.id) of \(Shown.line(broadcast.business)): \(Shown.line(broadcast.name))\n"
        let known = [
            ("status", broadcast.status.rawValue), ("scheduled", broadcast.scheduledAt.map(Timestamp.text)),
            ("started", broadcast.startedAt.map(Timestamp.text)),
            ("finished", broadcast.finishedAt.map(Timestamp.text)),
            ("provider", broadcast.provider?.rawValue), ("contacts", "\(broadcast.size)"),
        ]
        let counts = Broadcast.RecipientStatus.allCases.map { status in
            (status.rawValue, broadcast.recipients[status].map(String.init))
        }
        let missed = failures.map { "  \(Shown.line($0.contact)): \(Shown.line($0.error))\n" }.joined()
        return title + Shown.fields(known + counts) + missed + "\n" + Shown.printable(broadcast.body) + "\n"
    }

    private static func count(_ broadcast: Broadcast, _ status: Broadcast.RecipientStatus) -> String {
        "\(broadcast.recipients[status] ?? 0)"
    }
}
