import Native

/// Values as a person reads them.
enum Shown {
    /// `0.4 s`, `95 s`, `34 min`, `14 h`, `5 d`
    static func age(_ duration: Duration) -> String {
        let seconds = max(0, duration.seconds)
        switch seconds {
        case ..<10: return "\((seconds * 10).rounded(.down) / 10) s"
        case ..<120: return "\(Int(seconds)) s"
        case ..<7200: return "\(Int(seconds / 60)) min"
        case ..<172_800: return "\(Int(seconds / 3600)) h"
        default: return "\(Int(seconds / 86_400)) d"
        }
    }

    /// One decimal.
    static func rate(_ perSecond: Double) -> String { "\((perSecond * 10).rounded() / 10)" }

    /// `1 job`, `12 jobs`
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// On one line, without what a terminal would take for a command: the text may come from anywhere.
    static func line(_ text: String, limit: Int = .max) -> String {
        let safe = printable(text.map { $0.isWhitespace ? " " : String($0) }.joined())
        return safe.count > limit ? safe.prefix(limit - 1) + "…" : safe
    }

    /// A line for each that has a value, the values one below the other.
    static func fields(_ fields: [(name: String, value: String?)]) -> String {
        let width = fields.map(\.name.count).max() ?? 0
        return fields.compactMap { name, value in
            value.map { name + String(repeating: " ", count: width - name.count) + "  " + line($0) + "\n" }
        }.joined()
    }

    /// With its lines.
    static func printable(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
            safe.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(safe)
    }
}
