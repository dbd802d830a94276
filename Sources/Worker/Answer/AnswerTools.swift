import Native
import Shared

/// What answering a message needs from the process.
@LoopActor final class AnswerTools {
    let ai: Assistant
    let reader: MessageReader
    let delivery: Delivery
    let replies: ReplyGuard
    let marks: ReadMarks
    let settings: AISettings
    let metrics: AnswerMetrics
    let log: Log
    /// Attempts of a job before it is dead.
    let jobAttempts: Int

    init(
        ai: Assistant, reader: MessageReader, delivery: Delivery, replies: ReplyGuard, marks: ReadMarks,
        settings: AISettings, metrics: AnswerMetrics, log: Log, jobAttempts: Int
    ) {
        self.ai = ai
        self.reader = reader
        self.delivery = delivery
        self.replies = replies
        self.marks = marks
        self.settings = settings
        self.metrics = metrics
        self.log = log
        self.jobAttempts = jobAttempts
    }
}
