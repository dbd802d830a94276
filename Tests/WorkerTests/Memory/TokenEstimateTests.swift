import Testing

@testable import Worker

@Suite("Token estimate")
struct TokenEstimateTests {
    @Test(arguments: [
        ("", 0), ("a", 1), ("word", 1), ("words", 2), ("12", 1), ("{}{}", 2), ("שלום", 4), ("مرحبا", 5), ("Привет", 6),
        ("你好", 3), ("नमस्ते", 9), ("👋", 2),
    ])
    func `a text's tokens are estimated by its script`(text: String, tokens: Int) {
        #expect(TokenEstimate.tokens(text) == tokens)
    }

    @Test func `no text is estimated at more tokens than it has bytes`() {
        for text in ["a", "1", "é", "ש", "你", "👋", " ", "\n", "\u{0}"] {
            #expect(TokenEstimate.tokens(text) <= text.utf8.count)
        }
    }

    @Test func `calls of tools count`() {
        let call = ToolCall(id: "1", name: "stock", arguments: #"{"item":"pens"}"#)
        let message = ChatMessage(role: .assistant, content: [], toolCalls: [call])
        // Four for the message, four for the call, two of the name, five and a half of the arguments.
        #expect(TokenEstimate.tokens([message]) == 16)
    }
}
