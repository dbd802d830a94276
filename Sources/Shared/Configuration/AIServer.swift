/// Which OpenAI-compatible server answers for a business, and by which key.
package struct AIServer: Sendable, Hashable {
    /// One header of a request.
    package struct Header: Sendable, Hashable {
        package let name: String
        package let value: Secret
    }

    /// Without a slash at its end, query and fragment.
    private let base: String
    /// With its question mark; empty without one. Azure's `?api-version=…`.
    private let query: String
    package let apiKey: Secret?
    /// With the key's.
    private let allHeaders: [Header]
    /// Whether it may have a private address.
    package let mayBePrivate: Bool

    /// - Parameter keyHeader: nil: `Authorization`, as a Bearer token; at Azure's hosts `api-key`.
    init(url: String, apiKey: Secret?, keyHeader: String?, extraHeaders: [Header], mayBePrivate: Bool) {
        let parts = url.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        base = String(parts[0]).withoutTrailingSlashes
        query = parts.count == 2 ? "?\(parts[1])" : ""
        self.apiKey = apiKey
        self.mayBePrivate = mayBePrivate
        let name = keyHeader ?? (Self.isAzure(base) ? "api-key" : Self.authorization)
        let key = apiKey.map { key in
            let isToken = name.lowercased() == Self.authorization.lowercased()
            return Header(name: name, value: isToken ? Secret("Bearer \(key.exposed)") : key)
        }
        allHeaders = extraHeaders + (key.map { [$0] } ?? [])
    }

    /// - Parameter path: with its slash, as `/chat/completions`.
    package func url(_ path: String) -> String { base + path + query }

    /// Scheme, host and port: what a log may say of it.
    package var origin: String { Self.origin(of: base) }

    private static func origin(of base: String) -> String {
        guard let slashes = base.firstRange(of: "://")?.upperBound else { return "?" }
        let authority = base[slashes...].prefix { $0 != "/" }
        return String(base[..<slashes]) + (authority.split(separator: "@").last ?? "")
    }

    /// What every request to it carries.
    package var headers: [(String, String)] { allHeaders.map { ($0.name, $0.value.exposed) } }

    private static let authorization = "Authorization"

    /// Azure OpenAI takes keys in a header of its own. Source: its REST reference, "Authentication".
    private static func isAzure(_ base: String) -> Bool {
        let host = origin(of: base).split(separator: "/").last?.prefix { $0 != ":" }.lowercased() ?? ""
        return [".openai.azure.com", ".cognitiveservices.azure.com"].contains { host.hasSuffix($0) }
    }
}

extension AISettings {
    /// What a business asks: its own settings before those of the environment. The environment's key and headers go to
    /// the environment's URL only, never to a server that a business names; that one may do without a key.
    package func server(of settings: BusinessSettings) -> AIServer {
        if settings.aiURL == nil, settings.aiAPIKey == nil { return ownServer }
        let isOperators = settings.aiURL.map { $0.withoutTrailingSlashes == url.withoutTrailingSlashes } ?? true
        return AIServer(
            url: settings.aiURL ?? url, apiKey: settings.aiAPIKey.map(Secret.init) ?? (isOperators ? apiKey : nil),
            keyHeader: isOperators ? keyHeader : nil, extraHeaders: isOperators ? extraHeaders : [],
            mayBePrivate: isOperators || settings.aiURL.map { outboundHosts.contains(hostOf: $0) } == true)
    }

    /// What a business says does not count when no server would take it.
    package func temperature(of settings: BusinessSettings) -> Double? {
        settings.temperature.flatMap { (0...2).contains($0) ? $0 : nil } ?? temperature
    }

    package func maxTokens(of settings: BusinessSettings) -> Int? {
        settings.maxTokens.flatMap { $0 > 0 ? $0 : nil } ?? maxTokens
    }
}
