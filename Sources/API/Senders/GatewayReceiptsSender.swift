import Native
import Shared

/// `POST /webhook/whatsapp/receipts`: what became of our messages, from the Baileys gateway.
@LoopActor struct GatewayReceiptsSender: WebhookSender {
    let provider = ProviderName.baileys
    let proof: GatewayProof
    let defaultBusiness: String?

    init(_ settings: APISettings) {
        proof = GatewayProof(settings)
        defaultBusiness = settings.defaultBusiness
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        try proof.check(request)
        return try request.json { root throws(JSONError) in
            try BaileysReceiptNormalizer.normalize(root, defaultTenant: defaultBusiness, arrival: .now())
        }
    }
}
