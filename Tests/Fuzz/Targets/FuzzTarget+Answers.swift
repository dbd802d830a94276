import FuzzAnswers
import Native

extension FuzzTarget {
    /// Reads the input as what an AI's server says, under the statuses that servers have.
    static let chatAnswer = FuzzTarget("chat-answer", .json, dictionary: "chat-answer") { input throws(Violation) in
        if let broken = AnswerPromises.violation(input, readsTwice: isCheckedWhole(input)) {
            throw Violation(description: broken)
        }
    }
}
