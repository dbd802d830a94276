import Native

/// A hexadecimal HMAC of a request's raw body: what Meta (SHA-256, developers.facebook.com, "Validating Payloads") and
/// WAHA (SHA-512, waha.devlike.pro, "Webhooks: HMAC") sign their webhooks with.
package enum BodySignature {
    /// In lower case, without Meta's `sha256=` in front.
    package static func sign(_ body: [UInt8], key: String, _ digest: Digest) -> String {
        Hex.encode(digest.hmac(key: key, message: body))
    }

    /// Whether `given`, hexadecimal in either case, is the body's signature by one of the keys. The time it takes does
    /// not tell which key, nor how much of the signature, is right. A prefix is not cut off here, and a key without
    /// text proves nothing.
    package static func proves(_ given: String, _ body: [UInt8], keys: [Secret], _ digest: Digest) -> Bool {
        guard given.utf8.count == digest.byteCount * 2, let signature = Hex.decode(given) else { return false }
        return keys.prove { constantTimeEquals(signature, digest.hmac(key: $0, message: body)) }
    }
}

extension [Secret] {
    /// Whether one of them proves something. All are asked, so that the time does not tell which one did. Nothing is
    /// not a secret.
    package func prove(_ proves: (String) -> Bool) -> Bool {
        reduce(false) { proven, secret in (!secret.exposed.isEmpty && proves(secret.exposed)) || proven }
    }
}
