/// Which server of a gateway speaks for a business, and by which key: the business's own before the environment's.
struct GatewayServer {
    /// Without a slash at its end.
    let url: String
    let apiKey: Secret
    /// Whether it may have a private address: the operator's own may, one that a business names only by
    /// `OUTBOUND_ALLOW_HOSTS`.
    let mayBePrivate: Bool

    /// nil when something is missing. The environment's key goes to the environment's URL only, never to a server that a
    /// business names.
    ///
    /// - Parameters:
    ///   - ownURL: the business's; so is `ownKey`.
    ///   - url: the environment's, without a slash at its end; so is `apiKey`.
    ///   - outboundHosts: private hosts that a business's own URL may name.
    init?(ownURL: String?, ownKey: String?, url: String?, apiKey: Secret?, outboundHosts: OutboundHosts) {
        guard let chosen = ownURL.map(\.withoutTrailingSlashes) ?? url else { return nil }
        let isOperators = chosen == url
        guard let key = ownKey.map(Secret.init) ?? (isOperators ? apiKey : nil) else { return nil }
        self.url = chosen
        self.apiKey = key
        mayBePrivate = isOperators || outboundHosts.contains(hostOf: chosen)
    }
}
