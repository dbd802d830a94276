internal import CCrypto
internal import Glibc

/// libcrypto's HMAC, one context for each key it was asked for: setting one up takes several times as long as signing a
/// webhook does, and the keys are few.
///
/// `@unchecked Sendable`: everything is touched behind the lock.
@safe final class HMACContexts: @unchecked Sendable {
    static let shared = HMACContexts()

    private struct Name: Hashable {
        let digest: Int
        let key: [UInt8]
    }

    /// Past it all are let go: more keys than this are of somebody who makes them up.
    private static let most = 4096

    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    /// Owned: freed when they are let go.
    private var contexts: [Name: OpaquePointer] = unsafe [:]

    private init() {
        unsafe lock = .allocate(capacity: 1)
        unsafe precondition(pthread_mutex_init(lock, nil) == 0, "no mutex")
    }

    func sign(_ digest: Digest, key: [UInt8], message: [UInt8]) -> [UInt8] {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        let name = Name(digest: digest.place, key: key)
        let context: OpaquePointer
        if let known = unsafe contexts[name] {
            unsafe context = known
            // Without a key it begins anew with the one it has.
            unsafe precondition(EVP_MAC_init(context, nil, 0, nil) == 1, "libcrypto could not sign")
        } else {
            unsafe context = add(digest, name)
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: digest.byteCount) { output, count in
            let ok =
                unsafe EVP_MAC_update(context, message, message.count) == 1
                && EVP_MAC_final(context, output.baseAddress, &count, output.count) == 1
            precondition(ok, "libcrypto could not sign")
        }
    }

    private func add(_ digest: Digest, _ name: Name) -> OpaquePointer {
        if unsafe contexts.count >= Self.most {
            while let known = unsafe contexts.popFirst() { unsafe EVP_MAC_CTX_free(known.value) }
        }
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil), let context = unsafe EVP_MAC_CTX_new(mac) else {
            fatalError("libcrypto has no HMAC")
        }
        unsafe EVP_MAC_free(mac)
        var word = Array(digest.rawValue.utf8CString)
        // The parameters point at both texts until `EVP_MAC_init` has read them.
        let isReady = unsafe word.withUnsafeMutableBufferPointer { word in
            unsafe "digest".withCString { key in
                var parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(key, word.baseAddress, 0), OSSL_PARAM_construct_end(),
                ]
                return unsafe EVP_MAC_init(context, name.key, name.key.count, &parameters) == 1
            }
        }
        guard isReady else { fatalError("libcrypto has no HMAC with \(digest.rawValue)") }
        unsafe contexts[name] = context
        return unsafe context
    }
}
