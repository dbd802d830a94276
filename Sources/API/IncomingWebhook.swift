import Native
import Shared

/// `POST /webhook/whatsapp/incoming`: messages from the Baileys gateway.
@LoopActor struct IncomingWebhook {
    let secret: Secret?
    let defaultBusiness: String?
    let ingest: WebhookIngest
    let requests: WebhookRequestMetrics

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let start = MonotonicInstant.now()
        let response: HTTPResponse
        do throws(APIError) {
            response = try await accept(request)
        } catch {
            ingest.rejected(error.code, status: error.status)
            response = error.response
        }
        requests.observe(status: response.status, took: .now() - start)
        return response
    }

    private func accept(_ request: HTTPRequest) async throws(APIError) -> HTTPResponse {
        guard let secret, let given = request.header("X-Internal-Secret"), constantTimeEquals(given, secret.exposed)
        else { throw .unauthorized }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        let messages: [NormalizedMessage]
        do throws(JSONError) {
            messages = try JSON.read(request.body) { root throws(JSONError) in
                try BaileysNormalizer.normalize(root, defaultTenant: defaultBusiness)
            }
        } catch {
            throw .badRequest(error.message)
        }
        return try await ingest.accept(messages, traceparent: request.header("traceparent")).response
    }
}

extension JSONError {
    /// What and where, for the sender.
    var message: String {
        switch self {
        case .malformed(let detail): "the body is not valid JSON: \(detail)"
        case .unexpected(let detail): detail
        }
    }
}

enum ContentType {
    /// Whether a `Content-Type` names JSON, with or without parameters.
    static func isJSON(_ value: String?) -> Bool {
        guard let type = value?.split(separator: ";").first?.trimmingSpaces().lowercased() else { return false }
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }
}
