import Native

/// Where the Baileys gateway is called, and with what: SPEC section 8.
package struct GatewayCalls: Sendable {
    /// Without a slash at its end; the operator's own, and therefore possibly private.
    private let base: String
    private let secret: Secret

    package init(_ settings: BaileysSettings, secret: Secret) {
        base = settings.url
        self.secret = secret
    }

    package init(_ configuration: Configuration) {
        self.init(configuration.baileys, secret: configuration.api.internalSecret ?? Secret(""))
    }

    var headers: [(String, String)] { [("X-Internal-Secret", secret.exposed)] }

    /// - Parameter path: segments below the tenant's own, encoded here.
    func url(_ tenant: String, _ path: String...) -> String {
        path.reduce("\(base)/whatsapp/\(PathSegment.encode(tenant))") { "\($0)/\(PathSegment.encode($1))" }
    }

    func request(_ method: String, _ url: String, timeout: Duration) -> HTTPClient.Request {
        var request = HTTPClient.Request(method: method, url: url)
        request.headers = headers
        request.timeout = timeout
        request.allowsPrivateAddresses = true
        return request
    }
}
