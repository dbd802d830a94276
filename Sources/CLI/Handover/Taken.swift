import Native
import Shared

/// Who has a conversation, for an operator.
struct Taken: Equatable {
    let business: String
    let contact: String
    /// nil: the bot.
    let handover: Handover?

    var sentence: String {
        let who = "The conversation of \(business) with \(Shown.line(contact))"
        guard let handover else { return "\(who) is the bot's again." }
        guard let left = handover.left else { return "\(who) is taken from the bot until `--back` gives it back." }
        return "\(who) is taken from the bot for \(Shown.age(left))."
    }

    @LoopActor func json(now: WallTime) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.field("business", business)
        json.field("contact", contact)
        handover.write(to: &json, now: now)
        json.endObject()
        return json.text
    }

    static func table(_ all: [Taken]) -> String {
        var table = TextTable(columns: ["BUSINESS", "CONTACT", "BY", "FOR"].map { TextTable.Column(title: $0) })
        table.rows = all.map {
            [
                Shown.line($0.business), Shown.line($0.contact), $0.handover?.cause.rawValue ?? "-",
                $0.handover?.left.map(Shown.age) ?? "until --back",
            ]
        }
        return table.text
    }
}
