import Native
import Shared

/// Asks before something is changed that cannot be undone.
@LoopActor struct Confirmation {
    let question: String

    nonisolated init(_ question: String) { self.question = question }

    /// Whether somebody is there to ask.
    nonisolated static var isPossible: Bool { StandardStream.input.isTerminal }

    /// No unless the next line says yes; Ctrl-C and the input's end are no.
    func isGiven(until shutdown: Shutdown) async -> Bool {
        StandardStream.error.write("\(question) [y/N] ")
        let lines = LineQueue()
        let input = LineInput(onLine: { lines.add($0) }, onEnd: { lines.end() })
        input.start()
        defer { input.stop() }
        let interruption = LoopActor.loop.spawn {
            try await shutdown.wait()
            lines.end()
        }
        defer { interruption.cancel() }
        let answer = await lines.next()
        if answer == nil { StandardStream.error.write("\n") }
        return answer.map(Self.isYes) ?? false
    }

    nonisolated static func isYes(_ line: String) -> Bool {
        ["y", "yes"].contains(line.trimmingSpaces().lowercased())
    }
}
