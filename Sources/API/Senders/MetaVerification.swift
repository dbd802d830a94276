import Native
import Shared

/// `GET /webhook/meta` and `/api/webhook`: Meta asks whether the URL is ours before it posts to it.
@LoopActor struct MetaVerification {
    let rejections: RejectionLog
    /// nil: closed.
    let token: Secret?

    func handle(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        guard let token else { return refuse(.unauthorized) }
        guard request.query("hub.mode") == "subscribe", let given = request.query("hub.verify_token"),
            [token].contains(given)
        else { return refuse(.wrongToken) }
        guard let challenge = request.query("hub.challenge"), !challenge.isEmpty else {
            return refuse(.badRequest("hub.challenge is missing"))
        }
        return .text(challenge)
    }

    private func refuse(_ error: APIError) -> HTTPResponse {
        rejections.note(error)
        return error.response
    }
}

extension APIError {
    fileprivate static let wrongToken = APIError(status: 403, code: "forbidden")
}
