import Native
import Shared

/// One kind of webhook: who sends it, how it proves itself, and what its body says.
@LoopActor protocol WebhookSender {
    var provider: ProviderName { get }

    /// Proves the request before its body is judged, then reads the body.
    ///
    /// - Parameter words: what the path names: the business, say.
    /// - Throws: the answer to the sender.
    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent]

    /// What the sender is told when everything was taken.
    func response(to answer: IngestAnswer) -> HTTPResponse
}

extension WebhookSender {
    func response(to answer: IngestAnswer) -> HTTPResponse { answer.response }
}
