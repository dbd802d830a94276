import Native
import TestSupport

/// Contacts whose messages are posted as a gateway would: a conversation's one after the other, each again until it
/// got its 200.
@LoopActor final class Senders {
    struct Plan: Sendable {
        var conversations: Int
        /// Of each conversation.
        var messages: Int
        /// Within which the messages are spread.
        var span: Duration
    }

    struct Refused: Error { let status: Int }

    /// In order, as far as one conversation is concerned.
    private(set) var accepted: [Verdict.Accepted] = []
    /// Posts that had to be repeated, by status; 0: there was no answer.
    private(set) var repeats: [Int: Int] = [:]
    let total: Int

    private let system: Installation
    private var tasks: [Task<Void, any Error>] = []
    private static let pause: Duration = .milliseconds(200)

    /// Begins to post.
    ///
    /// - Parameter number: of these senders, in a run. They have their own contacts.
    init(_ system: Installation, _ plan: Plan, number: Int, random: inout SplitMix) {
        self.system = system
        total = plan.conversations * plan.messages
        for conversation in 0..<plan.conversations {
            let times = (0..<plan.messages).map { _ in plan.span * Double.random(in: 0..<1, using: &random) }.sorted()
            let contact = Self.contact(conversation: conversation, of: number)
            tasks.append(LoopActor.loop.spawn { try await self.converse(contact, times) })
        }
    }

    /// The phone of a conversation's contact.
    ///
    /// - Parameter number: of the senders, in a run.
    static func contact(conversation: Int, of number: Int) -> String {
        "1555\((number + 1) * 1_000_000 + conversation)"
    }

    /// The id of a contact's message, which is its text too. The first is 0.
    static func id(of number: Int, from contact: String) -> String { "\(contact)m\(number)" }

    var isDone: Bool { accepted.count == total }

    /// Returns when everything was accepted.
    func finish(within limit: Duration = .seconds(180)) async throws {
        try await poll(within: limit, "all posts to be accepted") { self.isDone ? true : nil }
        for task in tasks { try await task.value }
    }

    func stop() { for task in tasks { task.cancel() } }

    private func converse(_ contact: String, _ times: [Duration]) async throws {
        let start = MonotonicInstant.now()
        for (number, time) in times.enumerated() {
            let wait = start + time - .now()
            if wait > .zero { try await LoopActor.loop.sleep(for: wait) }
            try await post(Verdict.Accepted(contact: contact, id: Self.id(of: number, from: contact)))
        }
    }

    private func post(_ message: Verdict.Accepted) async throws {
        while true {
            // No answer is a reason to repeat, as any other that is not 200.
            let status = (try? await system.post(message.id, from: message.contact, id: message.id))?.status ?? 0
            if status == 200 { return accepted.append(message) }
            if (400..<500).contains(status), status != 429 { throw Refused(status: status) }
            repeats[status, default: 0] += 1
            try await LoopActor.loop.sleep(for: Self.pause)
        }
    }
}
