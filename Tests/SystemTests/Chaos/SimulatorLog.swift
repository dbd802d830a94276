import Native

/// The simulator's log of what reached contacts, read on from where it was read last.
@LoopActor final class SimulatorLog {
    private let system: Installation
    private(set) var seen: [Verdict.Seen] = []
    /// Contacts that got the apology, as often as they did. It is looked for where it is expected; else it is a text
    /// like any other.
    private(set) var apologies: [String] = []
    var expectsApologies = false
    private var last = 0

    init(_ system: Installation) { self.system = system }

    /// - Parameter limit: how long the first new text is waited for.
    func read(waiting limit: Duration = .zero) async throws {
        let answer = try await system.call(
            "GET", system.simulator, "/simulator/messages?after=\(last)&wait_ms=\(limit.milliseconds)")
        let (texts, end) = try JSON.read(answer.body) { root in
            (
                root.items.map { (contact: $0["contact"]?.string ?? "", text: $0["text"]?.string ?? "") },
                root.items.last?["seq"]?.int
            )
        }
        for (contact, text) in texts {
            if expectsApologies, text.hasPrefix("Sorry") {
                apologies.append(contact)
            } else {
                seen.append(Verdict.Seen(contact: contact, answers: Self.answered(text)))
            }
        }
        last = end ?? last
    }

    /// Sends that reached the gateway so far, those of a known id included.
    func sends() async throws -> Int {
        let answer = try await system.call("GET", system.simulator, "/simulator/stats")
        return try JSON.read(answer.body) { root in
            ["delivered", "duplicates"].reduce(0) { $0 + (root["gateway"]?[$1]?.int ?? 0) }
        }
    }

    /// The message that a text answers: the simulator's AI says it again.
    private static func answered(_ text: String) -> String? {
        let opening = "You said: "
        guard text.hasPrefix(opening) else { return nil }
        return text.dropFirst(opening.count).split(separator: "\n").first.map(String.init)
    }
}
