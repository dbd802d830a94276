/// Whether a contact only sends back what it was sent, as another program does that answers us with our own words. Two such
/// answers may be chance, "Yes" after "Yes"; with the third nobody is there.
enum EchoRule {
    /// In a row, the present message included.
    static let most = 3

    /// - Parameter memory: what was said before, oldest first.
    static func isLoop(_ text: String?, after memory: [ChatMessage]) -> Bool {
        guard var said = text else { return false }
        var end = memory.endIndex, echoes = 0
        while echoes < most {
            guard let sent = memory[..<end].lastIndex(where: { $0.role == .assistant }),
                isEcho(said, of: memory[sent].text)
            else { return false }
            echoes += 1
            if echoes == most { return true }
            guard let asked = memory[..<sent].lastIndex(where: { $0.role == .user }) else { return false }
            said = memory[asked].text
            end = asked
        }
        return true
    }

    /// Of a reply that was sent in parts, each comes back by itself.
    private static func isEcho(_ said: String, of sent: String) -> Bool {
        let said = SaidText.plain(said), sent = SaidText.plain(sent)
        guard !said.isEmpty else { return false }
        return said == sent || (said.utf16.count >= shortestPart && sent.contains(said))
    }

    private static let shortestPart = 400
}
