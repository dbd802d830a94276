package struct AISettings: Sendable {
    package let url: String
    package let apiKey: Secret?
    package let model: String
    package let timeout: Duration
    /// How long an answer is still waited for after the fallback text went out; zero: not at all.
    package let followUp: Duration
    package let fallbackText: String
    package let historyMessages: Int
    package let toolRounds: Int

    init(_ reader: inout EnvironmentReader) {
        url = reader.url(
            "AI_URL", default: "https://api.openai.com/v1", schemes: ["https", "http"],
            example: "http://ollama:11434/v1", "any OpenAI-compatible server")!
        apiKey = reader.secret("AI_API_KEY", "Bearer token of the AI")
        model = reader.string("AI_MODEL", default: "gpt-4o-mini", "model, unless the business names one")
        timeout = reader.seconds("AI_TIMEOUT_SECONDS", default: 8, in: 1...300, "past it the fallback text goes out")
        followUp = reader.seconds(
            "AI_FOLLOW_UP_SECONDS", default: 60, in: 0...600, "how long a late answer is waited for; 0 = no follow-up")
        fallbackText = reader.string(
            "AI_FALLBACK_TEXT",
            default: "I'm processing your request. Please give me a moment and try again shortly.",
            "text sent when the AI is late")
        historyMessages = reader.int(
            "AI_HISTORY_MESSAGES", default: 20, in: 1...1000, "messages of a conversation the AI is told")
        toolRounds = reader.int("AI_TOOL_ROUNDS", default: 5, in: 1...50, "rounds of tool calls in one answer")
    }
}
