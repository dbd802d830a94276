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

/// Asks for businesses that nobody here has heard of, by id or alias. True when there was something to learn.
typealias WebhookLookUp = @LoopActor ([String]) async -> Bool

extension WebhookSender {
    /// The same, and once more where a business has been heard of meanwhile that may have a secret of its own.
    @inline(__always)
    func events(
        _ request: HTTPRequest, _ words: PathWords, lookUp: WebhookLookUp
    ) async throws(APIError) -> [InboundEvent] {
        do throws(APIError) {
            return try events(request, words)
        } catch {
            guard !error.unheardOf.isEmpty, await lookUp(error.unheardOf) else { throw error }
        }
        return try events(request, words)
    }

    func response(to answer: IngestAnswer) -> HTTPResponse { answer.response }
}
