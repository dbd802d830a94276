import Native
import Shared

/// `POST /webhook/evolution`, `…/:tenant`, and both with an event's name behind: an Evolution API server's webhooks.
@LoopActor struct EvolutionSender: WebhookSender {
    let provider = ProviderName.evolution

    /// Prove what is for a business without a secret of its own.
    let secrets: [Secret]
    let directory: BusinessDirectory
    let defaultBusiness: String?

    init(_ settings: EvolutionSettings, _ directory: BusinessDirectory, defaultBusiness: String?) {
        secrets = [settings.webhookSecret, settings.previousWebhookSecret].compactMap { $0 }
        self.directory = directory
        self.defaultBusiness = defaultBusiness
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        let path = EvolutionPath(words), proof = EvolutionProof(request)
        guard !proof.isEmpty else { throw .unauthorized }
        let known = directory.known(defaultBusiness: defaultBusiness)
        try GatewayReceiver.proveLarge(request.body, of: .evolution, global: secrets, known) {
            proof.holds($0, now: .now())
        }
        let receiver = GatewayReceiver(
            known, path: path.tenant,
            address: path.tenant == nil ? instance(request.body).map(BusinessIndex.Address.evolutionInstance) : nil)
        let own = receiver.tenant.flatMap { known.index[$0] }?.evolutionSecrets ?? []
        try receiver.prove(own: own, global: secrets, isLoaded: known.isLoaded) {
            proof.holds($0, now: .now())
        }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        let tenant = try receiver.proven(known)
        return try request.json { (root) throws(JSONError) in
            guard let tenant else { throw .unexpected("instance must be text") }
            return try EvolutionNormalizer.normalize(root, tenant: tenant, now: .now()).map(known.judge)
        }
    }

    /// Nothing else of an unproven body is looked at.
    private func instance(_ body: [UInt8]) -> String? { (try? JSON.read(body) { $0["instance"]?.string }) ?? nil }
}

/// What an Evolution request brings to prove itself: its webhook's own header, or the token that Evolution makes of a
/// header `jwt_key`.
struct EvolutionProof: Sendable {
    private let secret: String?
    private let token: String?

    init(secret: String?, authorization: String?) {
        self.secret = secret
        let words = authorization?.split(separator: " ", maxSplits: 1) ?? []
        token = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }

    @LoopActor init(_ request: HTTPRequest) {
        self.init(secret: request.header("X-Webhook-Secret"), authorization: request.header("Authorization"))
    }

    var isEmpty: Bool { secret == nil && token == nil }

    @LoopActor func holds(_ keys: [Secret], now: WallTime) -> Bool {
        if let secret, keys.contains(secret) { return true }
        return token.map { EvolutionToken.proves($0, keys: keys, now: now) } ?? false
    }
}

extension BusinessSettings {
    /// Those that prove its webhooks; empty: it has none of its own.
    fileprivate var evolutionSecrets: [Secret] {
        [Secret](settings: evolutionWebhookSecret, evolutionWebhookSecretPrevious)
    }
}
