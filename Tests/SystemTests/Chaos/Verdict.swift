/// What became of the messages that were accepted: the count by which a scenario is judged.
struct Verdict: Equatable, Sendable, CustomStringConvertible {
    /// A message whose sender got its 200.
    struct Accepted: Equatable, Sendable {
        var contact, id: String
    }

    /// A text that reached a contact.
    struct Seen: Equatable, Sendable {
        var contact: String
        /// The id of the message that it answers; nil: it answers none, like a stop-gap text.
        var answers: String?
    }

    private(set) var accepted = 0
    /// Accepted messages with an answer, or several.
    private(set) var answered = 0
    /// Messages with a row in `dead_jobs`.
    private(set) var dead = 0
    /// Answers beyond a message's first one.
    private(set) var doubled = 0
    /// First answers that came after the answer to a later message of the same contact.
    private(set) var outOfOrder = 0
    /// Accepted messages that are neither answered nor dead.
    private(set) var lost = 0
    /// Texts that answer no message that was accepted.
    private(set) var stray = 0
    /// Each fault in words.
    private(set) var faults: [String] = []

    /// - Parameters:
    ///   - accepted: those of a contact in the order in which they were accepted; ids are used once.
    ///   - seen: in the order in which they reached contacts.
    ///   - dead: ids of messages whose jobs have a row in `dead_jobs`.
    init(accepted: [Accepted], seen: [Seen], dead: Set<String>) {
        self.accepted = accepted.count
        self.dead = dead.count
        let places = Dictionary(uniqueKeysWithValues: accepted.enumerated().map { ($1.id, $0) })
        var answers: [String: Int] = [:]
        var latest: [String: Int] = [:]
        for text in seen {
            guard let id = text.answers, let place = places[id], accepted[place].contact == text.contact else {
                note(\.stray, "stray text at \(text.contact), answers \(text.answers ?? "nothing")")
                continue
            }
            answers[id, default: 0] += 1
            if answers[id] != 1 {
                note(\.doubled, "doubled \(id)")
                continue
            }
            if place < latest[text.contact] ?? 0 { note(\.outOfOrder, "out of order \(id)") }
            latest[text.contact] = max(place, latest[text.contact] ?? 0)
        }
        answered = answers.count
        for message in accepted where answers[message.id] == nil && !dead.contains(message.id) {
            note(\.lost, "lost \(message.id)")
        }
    }

    /// Whether every accepted message was answered once and in its order, but for the expected dead.
    func isClean(dead expected: Int = 0) -> Bool {
        faults.isEmpty && dead == expected && answered + dead == accepted
    }

    var description: String {
        var text = "accepted \(accepted), answered \(answered), dead \(dead), doubled \(doubled), "
        text += "out of order \(outOfOrder)"
        if lost > 0 { text += ", lost \(lost)" }
        if stray > 0 { text += ", stray \(stray)" }
        return text
    }

    private mutating func note(_ count: WritableKeyPath<Verdict, Int>, _ fault: String) {
        self[keyPath: count] += 1
        faults.append(fault)
    }
}
