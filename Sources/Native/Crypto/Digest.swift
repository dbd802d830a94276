internal import CCrypto

/// A hash function of libcrypto.
package enum Digest: String, Sendable, CaseIterable {
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha512 = "SHA512"

    /// libcrypto's own, in the order of `allCases`, looked up by name once and kept as long as the process lives.
    nonisolated(unsafe) private static let implementations: [OpaquePointer] = unsafe allCases.map { digest in
        guard let found = unsafe EVP_MD_fetch(nil, digest.rawValue, nil) else {
            fatalError("libcrypto has no \(digest.rawValue)")
        }
        return unsafe found
    }

    var place: Int {
        switch self {
        case .sha1: 0
        case .sha256: 1
        case .sha512: 2
        }
    }

    /// The hash of `bytes` (FIPS 180-4).
    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            let ok = unsafe EVP_Digest(
                bytes, bytes.count, output.baseAddress, nil, Self.implementations[place], nil)
            precondition(ok == 1, "libcrypto could not hash")
            count = byteCount
        }
    }

    /// The keyed hash of `message` (RFC 2104).
    package func hmac(key: [UInt8], message: [UInt8]) -> [UInt8] {
        HMACContexts.shared.sign(self, key: key, message: message)
    }

    /// The length of the hash, bytes.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    package func hmac(key: String, message: [UInt8]) -> [UInt8] { hmac(key: Array(key.utf8), message: message) }
}

/// Whether two secrets are the same, in a time that does not tell where they differ. Their length is no secret.
package func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    unsafe a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}

package func constantTimeEquals(_ a: String, _ b: String) -> Bool {
    var a = a, b = b
    return a.withUTF8 { a in
        b.withUTF8 { b in unsafe a.count == b.count && CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 }
    }
}

/// Bytes nobody can guess. Ends the process when the system has none, because nothing may go on without them.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe precondition(RAND_bytes(&bytes, Int32(count)) == 1, "the system has no random bytes")
    return bytes
}
