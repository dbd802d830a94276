import Native
import Shared

/// What a replay of a dead job goes on from.
///
/// Texts that went out, or may have, stay recorded, and so does an answer that could not be sent. The verdicts that
/// there will be no answer, and that it crashes its process, go, and so do stop-gap texts that surely reached nobody: they would come before the answer.
@LoopActor enum ReplaySteps {
    static func kept(of steps: [String: String]) -> [String: String] {
        steps.filter { step, value in
            if [Answering.Step.failed, Job.replayedStep, QuarantineCell.crashedStep].contains(step) { return false }
            if isLeftToOperator(step, value) { return false }
            return !isStopGap(step) || SendStep(value)?.state != .refused
        }
    }

    /// A send through Meta whose outcome nobody knows. Meta cannot be asked, so that it would hold back every replay:
    /// who replays it has seen to it that it did not arrive.
    private static func isLeftToOperator(_ step: String, _ value: String) -> Bool {
        guard step.hasPrefix("send."), let send = SendStep(value) else { return false }
        return send.state == .sending && send.provider == .meta
    }

    private static func isStopGap(_ step: String) -> Bool {
        step.hasPrefix("send.\(MessageKind.fallback.rawValue).")
            || step.hasPrefix("send.\(MessageKind.apology.rawValue).")
    }
}
