import Native
import Shared

/// `POST /webhook/whatsapp/incoming`: messages from the Baileys gateway.
@LoopActor struct GatewaySender: WebhookSender {
    let provider = ProviderName.baileys
    let proof: GatewayProof
    let defaultBusiness: String?
    let directory: BusinessDirectory

    init(_ settings: APISettings, _ directory: BusinessDirectory) {
        proof = GatewayProof(settings)
        defaultBusiness = settings.defaultBusiness
        self.directory = directory
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        try proof.check(request)
        let known = directory.known(defaultBusiness: defaultBusiness)
        return try request.json { root throws(JSONError) in
            try BaileysNormalizer.normalize(root, defaultTenant: defaultBusiness).map(known.judge)
        }
    }
}
