/// One request on the way to the bytes of a voice message or picture.
package struct MediaCall: Sendable, Equatable {
    /// What the answer holds.
    package enum Answer: Sendable, Equatable {
        case bytes
        /// Meta's: where the bytes are.
        case metaLink
        /// WAHA's message, which tells where the bytes are.
        case wahaMessage
        /// Evolution's: the bytes as Base64 in JSON.
        case evolutionBase64
    }

    package let url: String
    /// Credentials among them: they go to this URL only.
    package let headers: [String: String]
    /// JSON, sent by POST; nil: a GET.
    package let body: [UInt8]?
    /// Whether the host may have a private address: the operator's own may, others by `OUTBOUND_ALLOW_HOSTS`.
    package let mayBePrivate: Bool
    package let answer: Answer

    init(
        url: String, headers: [String: String] = [:], body: [UInt8]? = nil, mayBePrivate: Bool,
        answer: Answer = .bytes
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.mayBePrivate = mayBePrivate
        self.answer = answer
    }

    /// The call that a redirect asks for. Credentials go along to the same origin only; a call that was safe from
    /// listeners stays so. nil: it is not followed.
    func redirected(to location: String, _ hosts: OutboundHosts) -> MediaCall? {
        guard answer == .bytes, body == nil, let here = URLOrigin(url) else { return nil }
        let target = location.hasPrefix("/") && !location.hasPrefix("//") ? here.text + location : location
        guard let there = URLOrigin(target), there.scheme == "https" || here.scheme == "http" else { return nil }
        return MediaCall(
            url: target, headers: there == here ? headers : [:],
            mayBePrivate: (there == here && mayBePrivate) || hosts.contains(hostOf: target))
    }
}
