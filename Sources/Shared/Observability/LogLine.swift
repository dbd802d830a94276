import Native

/// One log line before it is written.
package struct LogLine {
    package let time: WallTime
    package let level: LogLevel
    package let event: LogEvent
    package let message: StaticString
    package let fields: KeyValuePairs<LogKey, LogValue>

    /// `{"ts":…,"level":…,"event":…,"msg":…,…}` and a line feed.
    var json: [UInt8] {
        var json = JSONWriter(reserving: 320)
        json.beginObject()
        json.field("ts", Timestamp.text(time))
        json.field("level", level.rawValue)
        json.field("event", event.rawValue)
        json.field("msg", "\(message)")
        for (key, value) in fields {
            json.key(key.rawValue)
            switch value {
            case .text(let text): json.value(text)
            case .int(let number): json.value(number)
            case .flag(let flag): json.value(flag)
            case .milliseconds(let duration): json.raw(Self.milliseconds(duration))
            }
        }
        json.endObject()
        return json.bytes + [0x0A]
    }

    /// `17:31:00.123 info  Enqueued job_id=…`, for a terminal.
    var text: [UInt8] {
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
        return Array("\(time) \(level) \(message)\(fields.joined())\n".utf8)
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\((duration.seconds * 1e6).rounded() / 1000)"
    }
}
