import Native

/// Lines that wait to be taken, one at a time, by one reader.
@LoopActor final class LineQueue {
    private var lines: [String] = []
    private var isEnded = false
    private var arrival = OneShot<Void>()

    nonisolated init() {}

    func add(_ line: String) {
        lines.append(line)
        arrival.resolve(())
    }

    /// No more will come; those that wait can still be taken.
    func end() {
        isEnded = true
        arrival.resolve(())
    }

    /// Waits for a line. nil at the end, and when the task is cancelled.
    func next() async -> String? {
        while lines.isEmpty {
            if isEnded { return nil }
            arrival = OneShot()
            guard (try? await arrival.value) != nil else { return nil }
        }
        return lines.removeFirst()
    }
}
