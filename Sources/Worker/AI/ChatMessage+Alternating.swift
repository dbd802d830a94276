extension ChatMessage {
    /// The same words with adjacent turns of one role made one turn.
    ///
    /// A message that was stored and not answered leaves two user's turns in a row, and a person who typed after the AI two
    /// assistant's. The chat templates of Mistral and Gemma refuse those, and vLLM then answers 400, "Conversation roles must
    /// alternate user/assistant/user/assistant/..." (vllm-project/vllm issue 6862). A turn that calls tools, and what the tools
    /// said, stay as they are: each result belongs to its call.
    static func alternating(_ messages: [ChatMessage]) -> [ChatMessage] {
        var merged: [ChatMessage] = []
        merged.reserveCapacity(messages.count)
        for message in messages {
            guard let last = merged.last, last.joins(message) else {
                merged.append(message)
                continue
            }
            merged[merged.count - 1] = ChatMessage(role: last.role, content: last.content + message.content)
        }
        return merged
    }

    private func joins(_ next: ChatMessage) -> Bool {
        role == next.role && role != .tool && toolCalls.isEmpty && next.toolCalls.isEmpty
    }
}
