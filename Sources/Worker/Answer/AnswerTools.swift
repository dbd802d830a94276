import Native
import Shared

/// What answering a message needs from the process.
@LoopActor struct AnswerTools {
    let ai: Assistant
    let reader: MessageReader
    let delivery: Delivery
    let settings: AISettings
    let metrics: AnswerMetrics
    let log: Log
    /// Attempts of a job before it is dead.
    let jobAttempts: Int
}
