import Native
import Shared

/// `POST /webhook/waha` and `/webhook/waha/:tenant`: a WAHA server's webhooks.
@LoopActor struct WAHASender: WebhookSender {
    let provider = ProviderName.waha

    /// Prove what is for a business without a secret of its own.
    let secrets: [Secret]
    let directory: BusinessDirectory
    let defaultBusiness: String?

    init(_ settings: WAHASettings, _ directory: BusinessDirectory, defaultBusiness: String?) {
        secrets = [settings.webhookSecret, settings.previousWebhookSecret].compactMap { $0 }
        self.directory = directory
        self.defaultBusiness = defaultBusiness
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        let algorithm = request.header("X-Webhook-Hmac-Algorithm") ?? "sha512"
        guard let signature = request.header("X-Webhook-Hmac"), algorithm.lowercased() == "sha512" else {
            throw .unauthorized
        }
        let known = directory.known(defaultBusiness: defaultBusiness), path = words[optional: "tenant"]
        try GatewayReceiver.proveLarge(request.body, of: .waha, global: secrets, known) {
            BodySignature.proves(signature, request.body, keys: $0, .sha512)
        }
        let names = path == nil ? Names(request.body) : Names()
        let receiver = GatewayReceiver(
            known, path: path, claimed: names.tenant, address: names.session.map(BusinessIndex.Address.wahaSession))
        let own = receiver.tenant.flatMap { known.index[$0] }?.wahaSecrets ?? []
        try receiver.prove(own: own, global: secrets, isLoaded: known.isLoaded) {
            BodySignature.proves(signature, request.body, keys: $0, .sha512)
        }
        guard ContentType.isJSON(request.header("Content-Type")) else { throw .unsupportedMediaType }
        let tenant = try receiver.proven(known)
        return try request.json { (root) throws(JSONError) in
            guard let tenant else { throw .unexpected("session must be text") }
            return try WAHANormalizer.normalize(root, tenant: tenant, now: .now()).map(known.judge)
        }
    }
}

/// Whom a body is for. Nothing else of an unproven body is looked at.
private struct Names {
    var session: String?
    /// What an administrator wrote into the session's metadata. It comes before the session's name, which is `default` on
    /// every WAHA that has one session.
    var tenant: String?

    init() {}

    @LoopActor init(_ body: [UInt8]) {
        let names = try? JSON.read(body) { ($0["session"]?.string, $0["metadata"]?["tenant"]?.string) }
        session = names?.0
        tenant = names?.1
    }
}

extension BusinessSettings {
    /// Those that sign its webhooks; empty: it has none of its own.
    fileprivate var wahaSecrets: [Secret] { [Secret](settings: wahaWebhookSecret, wahaWebhookSecretPrevious) }
}
