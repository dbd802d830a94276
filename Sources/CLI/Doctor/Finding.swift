import Native

/// What one check of `rejoinder doctor` found.
struct Finding: Equatable, Sendable {
    enum Status: String, Sendable {
        case right
        /// Something does not work, or will not when it is needed.
        case wrong
        /// It could not be asked, or is not in use. Nobody has to act.
        case unknown
    }

    let check: String
    let status: Status
    /// What is so. Never a secret.
    let text: String
    /// What to do about it.
    var advice: String?

    static func right(_ check: String, _ text: String) -> Finding { Finding(check: check, status: .right, text: text) }

    static func wrong(_ check: String, _ text: String, do advice: String) -> Finding {
        Finding(check: check, status: .wrong, text: text, advice: advice)
    }

    static func unknown(_ check: String, _ text: String, do advice: String? = nil) -> Finding {
        Finding(check: check, status: .unknown, text: text, advice: advice)
    }

    // MARK: Shown

    /// One line: what others wrote into it has no line of its own, nor a terminal's commands.
    func line(isColored: Bool) -> String {
        let (mark, color) =
            switch status {
            case .right: ("✓", 32)
            case .wrong: ("✗", 31)
            case .unknown: ("–", 33)
            }
        let space = String(repeating: " ", count: max(0, 16 - check.count))
        let words = Shown.line(text + (advice.map { ". \($0)" } ?? ""))
        return (isColored ? "\u{1B}[\(color)m\(mark)\u{1B}[0m" : mark) + " \(check)\(space)  \(words)"
    }

    var json: String {
        JSONWriter.text { json in
            json.field("check", check)
            json.field("status", status.rawValue)
            json.field("text", text)
            json.field("advice", orNull: advice)
        }
    }
}

extension [Finding] {
    /// What `doctor` exits with.
    var exitStatus: Int32 { contains { $0.status == .wrong } ? 1 : 0 }

    /// The closing line.
    var summary: String {
        let wrong = count { $0.status == .wrong }, unknown = count { $0.status == .unknown }
        let rest = unknown == 0 ? "" : ", \(unknown) not asked or not in use"
        return wrong == 0
            ? "Nothing is wrong: \(Shown.count(count - unknown, "check")) passed\(rest)."
            : "\(Shown.count(wrong, "check")) of \(count) found something wrong\(rest)."
    }
}
