import Native
import Shared

/// Answers one sender's webhooks: proof, reading, queue, and what is counted and logged of it.
///
/// The steps on the way of every webhook are inlined into one another: an async function of its own takes 500
/// instructions to enter and to leave, of some 95,000 in all.
@LoopActor struct WebhookEndpoint {
    let sender: any WebhookSender
    let ingest: WebhookIngest
    let directory: BusinessDirectory
    let requests: WebhookRequestMetrics
    let rejections: RejectionLog

    init(
        _ sender: any WebhookSender, _ directory: BusinessDirectory, ingest: WebhookIngest, metrics: Metrics
    ) {
        self.sender = sender
        self.ingest = ingest
        self.directory = directory
        requests = WebhookRequestMetrics(metrics, sender: sender.provider)
        rejections = RejectionLog(ingest.log, sender.provider)
    }

    func handle(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let start = MonotonicInstant.now()
        let response: HTTPResponse
        do throws(APIError) {
            let events = try await sender.events(request, words, lookUp: directory.lookUp)
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
