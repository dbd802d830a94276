import Native

/// What `up` tells the person who runs it.
@LoopActor final class Console {
    private let write: (String) -> Void
    /// Whether the last line still waits for its end.
    private var isLineOpen = false

    init(write: @escaping (String) -> Void = { StandardStream.output.write($0) }) { self.write = write }

    /// One line of its own.
    func say(_ line: String) {
        endLine()
        write(line + "\n")
    }

    /// `Starting Postgres … `, then `work`, then `ready in 0.8 s` on the same line where nothing came between.
    func during<T>(_ title: String, _ work: () async throws -> T) async rethrows -> T {
        endLine()
        write("\(title) … ")
        isLineOpen = true
        let start = MonotonicInstant.now()
        do {
            let result = try await work()
            let took = Self.seconds(MonotonicInstant.now() - start)
            write(isLineOpen ? "ready in \(took)\n" : "\(title) … ready in \(took)\n")
            isLineOpen = false
            return result
        } catch {
            endLine()
            throw error
        }
    }

    /// Ends a line that still waits for its end.
    func endLine() {
        if isLineOpen { write("\n") }
        isLineOpen = false
    }

    /// `24 ms`, from a second up `1.2 s`.
    nonisolated static func time(_ duration: Duration) -> String {
        duration < .seconds(1) ? "\(duration.milliseconds) ms" : seconds(duration)
    }

    /// `0.8 s`
    nonisolated static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration.seconds * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
