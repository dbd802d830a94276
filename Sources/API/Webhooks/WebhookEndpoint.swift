import Native
import Shared

/// Answers one sender's webhooks: proof, reading, queue, and what is counted and logged of it.
@LoopActor struct WebhookEndpoint {
    let sender: any WebhookSender
    let ingest: WebhookIngest
    let requests: WebhookRequestMetrics
    let rejections: RejectionLog

    init(_ sender: any WebhookSender, ingest: WebhookIngest, metrics: Metrics) {
        self.sender = sender
        self.ingest = ingest
        requests = WebhookRequestMetrics(metrics, sender: sender.provider)
        rejections = RejectionLog(ingest.log, sender.provider)
    }

    func handle(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let start = MonotonicInstant.now()
        let response: HTTPResponse
        do throws(APIError) {
            let events = try sender.events(request, words)
            response = sender.response(
                to: try await ingest.accept(events, traceparent: request.header("traceparent")))
        } catch {
            rejections.note(error)
            response = error.response
        }
        requests.observe(status: response.status, took: .now() - start)
        return response
    }
}
