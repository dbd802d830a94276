/// Why a message will not be answered.
struct FailedAnswer: Equatable, Sendable {
    /// Where it failed, as `processing_errors.stage` names it.
    enum Stage: String, Sendable { case ai, send }

    let stage: Stage
    let reason: String

    /// For the job's checkpoint and its reason when it is dead.
    var text: String { "\(stage.rawValue): \(reason)" }

    init(stage: Stage, reason: String) {
        self.stage = stage
        self.reason = reason
    }

    /// Reads what `text` wrote.
    init(_ text: String) {
        let parts = text.split(separator: ": ", maxSplits: 1)
        stage = parts.first.flatMap { Stage(rawValue: String($0)) } ?? .ai
        reason = parts.count == 2 ? String(parts[1]) : text
    }
}
