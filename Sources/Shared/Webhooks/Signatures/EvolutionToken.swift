import Native

/// The JSON web token that Evolution puts into `Authorization: Bearer` when its webhook has a `jwt_key`: HS256 over
/// `{iat, exp, app:"evolution", action:"webhook"}` (RFC 7519, RFC 7515; Evolution API, webhook.controller.ts).
package enum EvolutionToken {
    /// How long a token of Evolution's is good.
    private static let lifetime: Int64 = 600
    /// How far its clock and ours may differ, seconds.
    private static let leeway: Double = 60
    /// Longer ones are refused unread: Evolution's have less than 200 bytes.
    private static let maxBytes = 2048

    /// A token that is good for ten minutes.
    package static func sign(key: String, now: WallTime) -> String {
        let seconds = now.milliseconds / 1000
        let header = #"{"alg":"HS256","typ":"JWT"}"#
        let claims = #"{"iat":\#(seconds),"exp":\#(seconds + lifetime),"app":"evolution","action":"webhook"}"#
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        return signed + "." + Base64URL.encode(Digest.sha256.hmac(key: key, message: Array(signed.utf8)))
    }

    /// Whether one of the keys signed this token, and it is Evolution's, and good at this time: `exp` is needed and may
    /// have passed by 60 s, `iat` and `nbf` may lie 60 s ahead.
    ///
    /// The signature is judged first, as HS256 whatever the header says, so that nothing unproven is parsed; a header
    /// that names another algorithm, or an extension that must be understood (`crit`), is then refused, and so is a
    /// field that stands twice.
    @LoopActor package static func proves(_ token: String, keys: [Secret], now: WallTime) -> Bool {
        let token = Array(token.utf8)
        guard token.count <= maxBytes else { return false }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { return false }
        let signed = Array(token[..<parts[1].endIndex])
        guard keys.prove({ constantTimeEquals(signature, Digest.sha256.hmac(key: $0, message: signed)) }),
            let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1])
        else { return false }
        return (try? JSON.read(header, isHS256)) == true
            && (try? JSON.read(claims) { claims in isGood(claims, now: now) }) == true
    }

    @LoopActor private static func isHS256(_ header: JSONElement) -> Bool {
        guard let fields = distinctFields(header) else { return false }
        return fields["alg"]?.string == "HS256" && fields["crit"] == nil
    }

    @LoopActor private static func isGood(_ claims: JSONElement, now: WallTime) -> Bool {
        guard let fields = distinctFields(claims) else { return false }
        let now = Double(now.milliseconds) / 1000
        guard let end = fields["exp"]?.double, now < end + leeway else { return false }
        for name in ["iat", "nbf"] {
            guard let field = fields[name] else { continue }
            guard let start = field.double, start <= now + leeway else { return false }
        }
        return fields["app"]?.string == "evolution" && fields["action"]?.string == "webhook"
    }

    @LoopActor private static func distinctFields(_ object: JSONElement) -> [String: JSONElement]? {
        guard object.isObject else { return nil }
        var distinct: [String: JSONElement] = [:]
        for field in object.fields where distinct.updateValue(field.value, forKey: field.name) != nil { return nil }
        return distinct
    }
}
