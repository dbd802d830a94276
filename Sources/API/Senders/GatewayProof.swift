import Native
import Shared

/// How the Baileys gateway's webhooks prove themselves: `X-Internal-Secret`.
@LoopActor struct GatewayProof {
    /// Any of these opens it; none: it is closed.
    let secrets: [Secret]

    init(_ settings: APISettings) {
        secrets = [settings.internalSecret, settings.previousInternalSecret].compactMap { $0 }
    }

    /// Proves the request, and that its body is JSON.
    func check(_ request: HTTPRequest) throws(APIError) {
        guard let given = request.header("X-Internal-Secret"), secrets.contains(given) else { throw .unauthorized }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
    }
}
