import Shared

extension SpokenRow {
    /// Rows as the AI is told them: the parts of one reply are one message again.
    static func messages(_ rows: [SpokenRow]) -> [ChatMessage] {
        var messages: [ChatMessage] = [], last: SpokenRow?
        for row in rows {
            if let last, row.continues(last), let before = messages.popLast() {
                messages.append(ChatMessage(role: .assistant, text: before.text + "\n" + (row.body ?? "")))
            } else if row.direction == .inbound {
                messages.append(
                    ChatMessage(
                        role: .user,
                        text: SpokenText.make(row.kind, row.body, author: row.authorName ?? row.author)))
            } else if let body = row.body, !body.isEmpty {
                messages.append(ChatMessage(role: .assistant, text: body))
            } else {
                continue
            }
            last = row
        }
        return messages
    }

    private func continues(_ before: SpokenRow) -> Bool {
        direction == .outbound && before.direction == .outbound && jobID != nil && jobID == before.jobID
            && kind == before.kind && part > before.part
    }
}
