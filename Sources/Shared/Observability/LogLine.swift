import Native

/// One log line before it is written.
package struct LogLine {
    package let time: WallTime
    package let level: LogLevel
    package let event: LogEvent
    package let message: StaticString
    package let fields: KeyValuePairs<LogKey, LogValue>

    /// Appends `{"ts":…,"level":…,"event":…,"msg":…,…}` and a line feed.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("ts")
        json.raw { bytes in
            bytes.append(UInt8(ascii: "\""))
            Timestamp.append(time, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        json.field("level", level.rawValue)
        json.field("event", event.rawValue)
        json.key("msg")
        json.value(message)
        for (key, value) in fields {
            json.key(named: key.rawValue)
            switch value {
            case .text(let text): json.value(text)
            case .int(let number): json.value(number)
            case .flag(let flag): json.value(flag)
            case .milliseconds(let duration): json.raw { bytes in Self.append(milliseconds: duration, to: &bytes) }
            }
        }
        json.endObject()
        json.endLine()
    }

    /// Appends `17:31:00.123 info  Enqueued job_id=…` and a line feed, for a terminal.
    func writeText(to lines: inout JSONWriter) {
        let time = Timestamp.text(time).dropFirst(11).dropLast()
        let level = level.rawValue + String(repeating: " ", count: 7 - level.rawValue.count)
        let fields = fields.map { key, value in
            switch value {
            case .text(let text): " \(key.rawValue)=\(text.debugDescription)"
            case .int(let number): " \(key.rawValue)=\(number)"
            case .flag(let flag): " \(key.rawValue)=\(flag)"
            case .milliseconds(let duration): " \(key.rawValue)=\(Self.milliseconds(duration))"
            }
        }
        lines.raw("\(time) \(level) \(message)\(fields.joined())")
        lines.endLine()
    }

    private static func milliseconds(_ duration: Duration) -> String {
        var bytes: [UInt8] = []
        append(milliseconds: duration, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// With up to three digits behind the point, rounded.
    private static func append(milliseconds duration: Duration, to bytes: inout [UInt8]) {
        let nanoseconds = duration.wholeNanoseconds
        if nanoseconds <= -500 { bytes.append(UInt8(ascii: "-")) }
        let microseconds = Int((nanoseconds.magnitude + 500) / 1000)
        bytes.append(decimal: microseconds / 1000)
        guard microseconds % 1000 > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.append(decimal: microseconds % 1000, width: 3)
        while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
    }
}
