/// Who writes down a business's voice messages, and by which key.
package struct TranscriptionServer: Sendable, Equatable {
    /// Without a slash at its end.
    package let url: String
    package let apiKey: Secret?
    /// Whether it may have a private address: the operator's own may.
    package let mayBePrivate: Bool

    /// A server of its own, where the environment names one; else the one that answers. The environment's keys go to the
    /// environment's URLs only, never to a server that a business names.
    package init(_ media: MediaSettings, _ ai: AISettings, _ business: BusinessSettings) {
        let chosen = (business.aiURL ?? ai.url).withoutTrailingSlashes
        let isOperators = chosen == ai.url.withoutTrailingSlashes
        url = media.transcriptionURL ?? chosen
        mayBePrivate = media.transcriptionURL != nil || isOperators
        apiKey =
            media.transcriptionURL != nil
            ? media.transcriptionKey : business.aiAPIKey.map(Secret.init) ?? (isOperators ? ai.apiKey : nil)
    }
}
