import Native
import Shared

/// `POST /webhook/whatsapp/incoming`: messages from the Baileys gateway.
@LoopActor struct GatewaySender: WebhookSender {
    let provider = ProviderName.baileys

    /// Any of these opens it; none: it is closed.
    let secrets: [Secret]
    let defaultBusiness: String?

    init(_ settings: APISettings) {
        secrets = [settings.internalSecret, settings.previousInternalSecret].compactMap { $0 }
        defaultBusiness = settings.defaultBusiness
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        guard let given = request.header("X-Internal-Secret"), secrets.contains(given) else { throw .unauthorized }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        return try request.json { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: defaultBusiness)
        }
    }
}
