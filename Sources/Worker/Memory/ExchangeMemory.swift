import Native
import Shared

/// What a conversation remembers of messages and their answer, as plain values.
@LoopActor enum ExchangeMemory {
    /// The questions, the calls of tools with their results, the answer.
    ///
    /// - Parameters:
    ///   - steps: of the job that answers them.
    ///   - reply: nil: it was not answered.
    static func messages(of messages: [AnsweredMessage], steps: [String: String], reply: String?) -> [ChatMessage] {
        let questions = messages.map {
            ChatMessage(role: .user, text: $0.message.rememberedText(steps, from: $0.firstMedia))
        }
        guard let reply else { return questions }
        return questions + ToolRecord(steps).messages + [ChatMessage(role: .assistant, text: reply)]
    }
}
