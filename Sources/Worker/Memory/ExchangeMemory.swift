import Native
import Shared

/// What a conversation remembers of one message and its answer, as plain values.
@LoopActor enum ExchangeMemory {
    /// The question, the calls of tools with their results, the answer.
    ///
    /// - Parameters:
    ///   - steps: of the message's job.
    ///   - reply: nil: it was not answered.
    static func messages(of message: InboundMessage, steps: [String: String], reply: String?) -> [ChatMessage] {
        let question = ChatMessage(role: .user, text: message.rememberedText(steps))
        guard let reply else { return [question] }
        return [question] + ToolRecord(steps).messages + [ChatMessage(role: .assistant, text: reply)]
    }
}
