/// The AI, as the environment has it; a business may have a server, a key and a model of its own: see `server`.
package struct AISettings: Sendable {
    /// What a server calls the limit of an answer's tokens.
    package enum TokensParameter: String, Sendable, CaseIterable {
        case maxTokens = "max_tokens"
        /// OpenAI's for models that reason; they refuse the other one.
        case maxCompletionTokens = "max_completion_tokens"
    }

    package let url: String
    package let apiKey: Secret?
    /// nil: `Authorization`, as a Bearer token; at Azure `api-key`.
    let keyHeader: String?
    let extraHeaders: [AIServer.Header]
    /// Of businesses that name neither a server nor a key, which most messages go to.
    let ownServer: AIServer
    package let model: String
    /// nil: the server's own.
    package let temperature: Double?
    /// nil: the server's own.
    package let maxTokens: Int?
    package let tokensParameter: TokensParameter
    package let timeout: Duration
    /// How long an answer is still waited for after the fallback text went out; zero: not at all.
    package let followUp: Duration
    /// For all businesses, in whatever language a contact writes; nil: each is told in its own. `AI_FALLBACK_TEXT`
    package let fallbackText: String?
    package let historyMessages: Int
    /// Of the conversation's memory, as the worker estimates them; the prompt and the message itself come on top.
    package let historyTokens: Int
    package let toolRounds: Int

    /// Private hosts that a business's own URL may name.
    var outboundHosts = OutboundHosts([])

    init(_ reader: inout EnvironmentReader) {
        url = reader.url(
            "AI_URL", default: "https://api.openai.com/v1", schemes: ["https", "http"],
            example: "http://ollama:11434/v1", "any OpenAI-compatible server")!
        apiKey = reader.secret("AI_API_KEY", "key of the AI")
        keyHeader = reader.header(
            "AI_KEY_HEADER", default: "Authorization, at Azure api-key",
            "header of the key; in Authorization it is a Bearer token")
        extraHeaders = reader.headers(
            "AI_EXTRA_HEADERS", example: #"{"OpenAI-Organization":"org-1"}"#,
            "further headers for AI_URL, a JSON object of names and values"
        ).map { AIServer.Header(name: $0.name, value: $0.value) }
        ownServer = AIServer(
            url: url, apiKey: apiKey, keyHeader: keyHeader, extraHeaders: extraHeaders, mayBePrivate: true)
        model = reader.string("AI_MODEL", default: "gpt-4o-mini", "model, unless the business names one")
        temperature = reader.optionalNumber(
            "AI_TEMPERATURE", default: "the server's", in: 0...2, "how freely it answers, unless the business says")
        maxTokens = reader.optionalInt(
            "AI_MAX_TOKENS", default: "the server's", in: 1...1_000_000,
            "tokens of one answer at most, unless the business says")
        tokensParameter = reader.choice(
            "AI_TOKENS_PARAMETER", default: .maxTokens,
            "what the server calls that limit: max_tokens or max_completion_tokens")
        timeout = reader.seconds("AI_TIMEOUT_SECONDS", default: 8, in: 1...300, "past it the fallback text goes out")
        followUp = reader.seconds(
            "AI_FOLLOW_UP_SECONDS", default: 60, in: 0...600, "how long a late answer is waited for; 0 = no follow-up")
        fallbackText = reader.optionalString(
            "AI_FALLBACK_TEXT",
            default: "I'm processing your request. Please give me a moment and try again shortly.",
            "text sent when the AI is late; not set: that text in the contact's language")
        historyMessages = reader.int(
            "AI_HISTORY_MESSAGES", default: 20, in: 1...1000, "messages of a conversation the AI is told")
        historyTokens = reader.int(
            "AI_HISTORY_TOKENS", default: 4000, in: 0...1_000_000,
            "tokens of these messages together, as they are estimated; 0 = no memory")
        toolRounds = reader.int("AI_TOOL_ROUNDS", default: 5, in: 1...50, "rounds of tool calls in one answer")
    }
}
