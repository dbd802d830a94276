import Native
import Shared

/// `rejoinder chat`: sends lines as a contact, and shows what the contact gets.
@LoopActor final class ChatCommand {
    private let options: ChatOptions
    private let target: ChatTarget
    private let connection: ChatConnection
    private let isTerminal: Bool
    private let output: (String) -> Void
    /// When the last message was sent.
    private var sentAt = MonotonicInstant.now()
    private let inbox = LineQueue()

    init(
        _ options: ChatOptions, _ target: ChatTarget, isTerminal: Bool = StandardStream.input.isTerminal,
        output: @escaping (String) -> Void = { StandardStream.output.write($0) }
    ) {
        self.options = options
        self.target = target
        self.isTerminal = isTerminal
        self.output = output
        connection = ChatConnection(target, contact: options.contact)
    }

    /// Returns the status to exit with.
    func run(until shutdown: Shutdown) async throws(ChatFailure) -> Int32 {
        try await connection.begin()
        if let text = options.once { return try await ask(text) ? 0 : 1 }
        let input = LineInput(onLine: { self.inbox.add($0) }, onEnd: { self.inbox.end() })
        input.start()
        defer { input.stop() }
        let interruption = LoopActor.loop.spawn {
            try await shutdown.wait()
            self.inbox.end()
        }
        defer { interruption.cancel() }
        return isTerminal ? try await converse() : try await runScript()
    }

    /// A line at a time, each with its reply. Goes on after a reply that did not come.
    private func runScript() async throws(ChatFailure) -> Int32 {
        var status: Int32 = 0
        while let line = await inbox.next() {
            if line.allSatisfy(\.isWhitespace) { continue }
            output("> \(line)\n")
            if !(try await ask(line)) { status = 1 }
        }
        return status
    }

    /// Sends a message and shows its reply. Says whether one came.
    private func ask(_ text: String) async throws(ChatFailure) -> Bool {
        try await send(text)
        let deadline = sentAt + .seconds(options.timeoutSeconds)
        var came = try await show(within: min(deadline - .now(), .seconds(20)))
        while !came, MonotonicInstant.now() < deadline {
            came = try await show(within: min(deadline - .now(), .seconds(20)))
        }
        if !came {
            StandardStream.error.write("rejoinder: no reply within \(options.timeoutSeconds) s\n")
            return false
        }
        // A long reply has more parts, which follow at once.
        while try await show(within: .milliseconds(200)) {}
        return true
    }

    /// Both at once: what is typed goes out, what comes is shown.
    private func converse() async throws(ChatFailure) -> Int32 {
        output("You are \(options.contact), writing to \(target.business). Ctrl-D ends.\n")
        let listening = LoopActor.loop.spawn {
            // A failure here shows itself to the sender too, who tells it.
            while !Task.isCancelled {
                if (try? await self.show(within: .seconds(20))) == nil {
                    try? await LoopActor.loop.sleep(for: .seconds(1))
                }
            }
        }
        defer { listening.cancel() }
        while let line = await inbox.next() {
            if line.allSatisfy(\.isWhitespace) { continue }
            do throws(ChatFailure) {
                try await send(line)
            } catch {
                // One message was not taken; the next one may be.
                output("! \(error)\n")
            }
        }
        return 0
    }

    private func send(_ text: String) async throws(ChatFailure) {
        sentAt = .now()
        try await connection.send(text)
    }

    /// Says whether something came.
    private func show(within wait: Duration) async throws(ChatFailure) -> Bool {
        let messages = try await connection.replies(within: max(wait, .zero))
        let took = MonotonicInstant.now() - sentAt
        for message in messages { output(Self.text(message, from: target.business, after: took)) }
        return !messages.isEmpty
    }

    /// `business_1 through baileys at 17:31:00 UTC, after 1.2 s:`, then the text.
    static func text(_ message: SimulatorMessage, from business: String, after took: Duration) -> String {
        let time = Timestamp.text(message.time).dropFirst(11).prefix(8)
        let text = message.text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        return "< \(business) through \(message.provider) at \(time) UTC, after \(Console.time(took)):\n"
            + text.joined(separator: "\n") + "\n"
    }
}
