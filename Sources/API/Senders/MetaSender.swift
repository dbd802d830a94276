import Native
import Shared

/// `POST /webhook/meta` and `/api/webhook`: messages and statuses of Meta's Cloud API.
@LoopActor struct MetaSender: WebhookSender {
    let provider = ProviderName.meta

    /// Prove every body.
    let secrets: [Secret]
    let businesses: @LoopActor () -> KnownBusinesses

    private static let prefix = "sha256="

    init(_ settings: MetaSettings, businesses: @escaping @LoopActor () -> KnownBusinesses) {
        secrets = [settings.appSecret, settings.previousAppSecret].compactMap { $0 }
        self.businesses = businesses
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        guard let header = request.header("X-Hub-Signature-256"), header.hasPrefix(Self.prefix) else {
            throw .unauthorized
        }
        let signature = String(header.dropFirst(Self.prefix.count)), known = businesses()
        var proof: MetaProof?
        if !BodySignature.proves(signature, request.body, keys: secrets, .sha256) {
            proof = try prove(signature, request.body, known)
        }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        return try request.json { root throws(JSONError) in
            try MetaNormalizer.normalize(root) { number in
                proof?.covers(number, known) == false ? nil : known.tenant(metaNumber: number)
            }
        }
    }

    /// A business with an app of its own: the body itself says for whose numbers it is, and nothing else is read of it.
    private func prove(_ signature: String, _ body: [UInt8], _ known: KnownBusinesses) throws(APIError) -> MetaProof {
        // Nobody we know could have signed it, and a large body is not read for a number that nobody has heard of.
        if known.isLoaded, !known.index.hasOwnSecret(.meta), body.count > GatewayReceiver.largeBody {
            throw .unauthorized
        }
        let numbers = (try? JSON.read(body) { MetaNormalizer.phoneNumberIDs($0) }) ?? []
        let isComplete = known.isLoaded || (!numbers.isEmpty && numbers.allSatisfy { known.owner(of: $0) != nil })
        guard isComplete else { throw .businessesUnknown }
        guard let proof = MetaProof(signature, body, numbers: numbers, known) else {
            throw .unauthorized(unheardOf: known.unheardOf(metaNumbers: numbers))
        }
        return proof
    }
}
