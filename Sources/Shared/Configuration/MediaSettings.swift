/// Voice messages and pictures.
package struct MediaSettings: Sendable {
    /// Of one file. `MEDIA_MAX_BYTES`
    package let mostBytes: Int
    /// Whether the AI takes pictures. `AI_VISION`
    package let hasVision: Bool
    /// nil: the server that answers does. `AI_TRANSCRIPTION_URL`
    package let transcriptionURL: String?
    /// Goes to `transcriptionURL` only. `AI_TRANSCRIPTION_API_KEY`
    package let transcriptionKey: Secret?
    package let transcriptionModel: String

    init(_ reader: inout EnvironmentReader) {
        hasVision = reader.flag("AI_VISION", default: true, "the model takes pictures; 0 = it is told that one came")
        transcriptionURL = reader.url(
            "AI_TRANSCRIPTION_URL", default: nil, schemes: ["https", "http"], example: "http://whisper:8000/v1",
            "an OpenAI-compatible server that writes down voice messages, unless AI_URL does")
        transcriptionKey = reader.secret("AI_TRANSCRIPTION_API_KEY", "key of AI_TRANSCRIPTION_URL")
        transcriptionModel = reader.string(
            "AI_TRANSCRIPTION_MODEL", default: "whisper-1", "model that writes down voice messages")
        mostBytes = reader.int(
            "MEDIA_MAX_BYTES", default: 16_777_216, in: 1024...104_857_600,
            "largest voice message or picture that is fetched, bytes")
    }
}

extension MediaSettings {
    /// Who writes down a business's voice messages: the server that the environment names for it, else the one that
    /// answers.
    package func transcriptionServer(of business: BusinessSettings, _ ai: AISettings) -> AIServer {
        guard let transcriptionURL else { return ai.server(of: business) }
        return AIServer(
            url: transcriptionURL, apiKey: transcriptionKey, keyHeader: nil, extraHeaders: [], mayBePrivate: true)
    }
}
