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
        if !BodySignature.proves(signature, request.body, keys: secrets, .sha256) {
            try prove(signature, request.body, known)
        }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        return try request.json { root throws(JSONError) in
            try MetaNormalizer.normalize(root) { known.tenant(metaNumber: $0) }
        }
    }

    /// A business with an app of its own: the body itself says for whose numbers it is, and nothing else is read of it.
    ///
    /// Each of them must have a secret that signed this body. So a business's secret opens nothing that is another's, nor
    /// a number that nobody has yet and another may have tomorrow.
    private func prove(_ signature: String, _ body: [UInt8], _ known: KnownBusinesses) throws(APIError) {
        let numbers = (try? JSON.read(body) { MetaNormalizer.phoneNumberIDs($0) }) ?? []
        for number in numbers {
            guard let owner = known.index.business(at: .metaNumber(number)), let settings = known.index[owner] else {
                throw known.isLoaded ? .unauthorized : .businessesUnknown
            }
            guard BodySignature.proves(signature, body, keys: settings.metaSecrets, .sha256) else {
                throw .unauthorized
            }
        }
        guard !numbers.isEmpty else { throw .unauthorized }
    }
}

extension BusinessSettings {
    /// Those that sign its webhooks; empty: it has none of its own.
    fileprivate var metaSecrets: [Secret] {
        [Secret](settings: metaAppSecret, metaAppSecretPrevious)
    }
}
