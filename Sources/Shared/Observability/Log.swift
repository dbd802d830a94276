import Native

/// Writes one JSON object a line, or readable text, to stderr.
///
/// `message` is a StaticString, so that no value, and no secret in one, can be pasted into it. Lines are gathered
/// and written once per turn of the loop.
@LoopActor package final class Log {
    package nonisolated let level: LogLevel
    private let isText: Bool
    private let write: ([UInt8]) -> Void
    /// Finished lines that were not written yet.
    private var waiting = JSONWriter(reserving: 4096)

    /// - Parameter write: takes finished lines, many at a time.
    package init(
        level: LogLevel, isText: Bool = false, write: @escaping ([UInt8]) -> Void = { StandardStream.error.write($0) }
    ) {
        self.level = level
        self.isText = isText
        self.write = write
    }

    package func debug(_ event: LogEvent, _ message: StaticString, _ fields: KeyValuePairs<LogKey, LogValue> = [:]) {
        add(.debug, event, message, fields)
    }

    package func info(_ event: LogEvent, _ message: StaticString, _ fields: KeyValuePairs<LogKey, LogValue> = [:]) {
        add(.info, event, message, fields)
    }

    package func warning(_ event: LogEvent, _ message: StaticString, _ fields: KeyValuePairs<LogKey, LogValue> = [:]) {
        add(.warning, event, message, fields)
    }

    package func error(_ event: LogEvent, _ message: StaticString, _ fields: KeyValuePairs<LogKey, LogValue> = [:]) {
        add(.error, event, message, fields)
    }

    /// Writes what is gathered now. For the last lines before the process ends.
    package func flush() {
        if waiting.bytes.isEmpty { return }
        write(waiting.bytes)
        waiting.removeAll(keepingCapacity: waiting.bytes.count < 1 << 20)
    }

    private func add(
        _ level: LogLevel, _ event: LogEvent, _ message: StaticString, _ fields: KeyValuePairs<LogKey, LogValue>
    ) {
        guard level >= self.level else { return }
        if waiting.bytes.isEmpty { LoopActor.loop.atEndOfTurn { self.flush() } }
        let line = LogLine(time: .now(), level: level, event: event, message: message, fields: fields)
        if isText { line.writeText(to: &waiting) } else { line.write(to: &waiting) }
    }
}
