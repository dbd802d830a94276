import Shared

extension Speech {
    /// What is told to the queue before a text is sent; nil when the text says nothing.
    init?(_ message: OutboundMessage, asks: Bool) {
        guard let digest = SaidText.digest(message.text) else { return nil }
        self.init(digest: digest, keptFor: QuietTime.keptFor(message.business.settings), asks: asks)
    }
}
