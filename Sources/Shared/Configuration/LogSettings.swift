package struct LogSettings: Sendable {
    package enum Format: String, Sendable, CaseIterable { case json, text }
    package let format: Format
    package let level: LogLevel

    init(_ reader: inout EnvironmentReader, isTerminal: Bool) {
        format = reader.choice("LOG_FORMAT", default: isTerminal ? .text : .json, "json or text")
        level = reader.choice("LOG_LEVEL", default: .info, "debug, info, warning or error")
    }
}
