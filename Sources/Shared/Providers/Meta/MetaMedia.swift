import Native

/// Meta's media: the id is told where the bytes are, for five minutes, and that takes the token too.
/// Source: Meta's "Media API" and "Media Download API" of the Cloud API.
enum MetaMedia {
    private static let domains = ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"]

    /// - Parameter url: of the Graph API, version included, the operator's setting.
    static func calls(_ media: InboundMedia, _ account: MetaAccount, url: String) -> [MediaCall] {
        guard let id = media.id else { return [] }
        return [
            MediaCall(
                url: "\(url)/\(PathSegment.encode(id))?phone_number_id=\(PathSegment.encode(account.phoneNumberID))",
                headers: headers(account), mayBePrivate: true, answer: .metaLink)
        ]
    }

    /// The call for the bytes. nil when the answer tells no place of Meta's.
    @LoopActor static func call(_ answer: JSONElement, after call: MediaCall) -> MediaCall? {
        guard let target = answer["url"]?.string, let there = URLOrigin(target) else { return nil }
        let isOperators = there == URLOrigin(call.url)
        guard isOperators || (there.scheme == "https" && domains.contains(where: there.isWithin)) else { return nil }
        return MediaCall(url: target, headers: call.headers, mayBePrivate: isOperators)
    }

    /// Where the bytes are, nobody is served who does not say what he is.
    private static func headers(_ account: MetaAccount) -> [String: String] {
        ["Authorization": "Bearer " + account.accessToken.exposed, "User-Agent": "rejoinder"]
    }
}
