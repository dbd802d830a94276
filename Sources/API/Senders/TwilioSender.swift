import Native
import Shared

/// `POST /webhook/twilio/:tenant` and `…/status`, and the same without a tenant: Twilio's messages, and what becomes of
/// ours. Without `PUBLIC_URL`, which Twilio signs, it is closed.
@LoopActor struct TwilioSender: WebhookSender {
    let provider = ProviderName.twilio

    /// Without a slash at its end. It may have a path, which a proxy cuts off before it calls us.
    let publicURL: String?
    /// Prove what is for a business without a token of its own.
    let tokens: [Secret]
    let businesses: @LoopActor () -> KnownBusinesses

    init(_ settings: TwilioSettings, publicURL: String?, businesses: @escaping @LoopActor () -> KnownBusinesses) {
        self.publicURL = publicURL.map(\.withoutTrailingSlashes)
        tokens = [settings.authToken, settings.previousAuthToken].compactMap { $0 }
        self.businesses = businesses
    }

    func events(_ request: HTTPRequest, _ words: PathWords) throws(APIError) -> [InboundEvent] {
        guard let publicURL, let signature = request.header("X-Twilio-Signature") else { throw .unauthorized }
        let isForm = ContentType.isForm(request.header("Content-Type"))
        let form = URLEncodedForm(isForm ? request.body : []), known = businesses()
        let path = words[optional: "tenant"], number = path == nil ? TwilioNormalizer.businessNumber(form) : nil
        let tenant = path ?? number.map(known.tenant(twilioNumber:))
        let own = tenant.flatMap { known.index[$0] }?.twilioTokens ?? []
        let isProven = TwilioSignature.proves(
            signature, url: publicURL + request.target, form: form.fields, body: isForm ? nil : request.body,
            tokens: own.isEmpty ? tokens : own)
        guard isProven else {
            if own.isEmpty, !known.isLoaded { throw .businessesUnknown }
            throw .unauthorized(
                unheardOf: path.map(known.unheardOf(id:)) ?? number.map(known.unheardOf(twilioNumber:)) ?? [])
        }
        guard isForm else { throw .formWanted }
        guard let tenant else { return [.rejected("To, or From of a status, must be the business's number")] }
        if let path { _ = try known.tenant(path: path) }
        return [TwilioNormalizer.event(form, tenant: tenant, receivedAt: .now())]
    }

    /// Empty TwiML: nothing is answered in the call itself. Of a status callback Twilio reads nothing, so both get it.
    func response(to answer: IngestAnswer) -> HTTPResponse {
        Self.emptyTwiML
    }

    private static let emptyTwiML = HTTPResponse(
        status: 200, headers: [("Content-Type", "text/xml; charset=utf-8")],
        body: Array(#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#.utf8))

    /// A webhook that would be open but for `PUBLIC_URL` is worth a word at the start.
    static func warnIfClosed(_ configuration: Configuration, _ log: Log) {
        guard configuration.twilio.authToken != nil, configuration.api.publicURL == nil else { return }
        log.warning(
            .configuration, "PUBLIC_URL is not set: Twilio's webhooks cannot be proven and are answered with 401")
    }
}

extension BusinessSettings {
    /// Those that sign its webhooks; empty: it has none of its own.
    fileprivate var twilioTokens: [Secret] {
        [Secret](settings: twilioAuthToken, twilioAuthTokenPrevious)
    }
}

extension HTTPRequest {
    /// Path and query, as received.
    fileprivate var target: String { rawQuery.isEmpty ? path : "\(path)?\(rawQuery)" }
}

extension APIError {
    fileprivate static let formWanted = APIError(
        status: 415, code: "unsupported_media_type", message: "send application/x-www-form-urlencoded")
}
