/// A text that is about to be sent, as far as the queue has to do with it.
package struct Speech: Equatable, Sendable {
    /// By which it is known as ours when it comes back.
    let digest: String
    /// How long that is remembered.
    let keptFor: Duration
    /// Whether somebody who has taken the conversation meanwhile matters: not when a part of the text may be out already.
    package let asks: Bool

    package init(digest: String, keptFor: Duration, asks: Bool) {
        self.digest = digest
        self.keptFor = keptFor
        self.asks = asks
    }
}
