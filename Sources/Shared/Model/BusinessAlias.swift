import Native

/// Stands in for the id of a business that a webhook names only by the receiver's address, as long as nobody knows whose
/// that is: `meta.<phone number id>`, `twilio.<digits>`, `evolution.<instance>`, `waha.<session>`. The worker looks the
/// business up when it runs the job.
///
/// A name with other characters than a `TenantName` has stands there in hexadecimal digits, as `evolution.x.<digits>`;
/// one that does not fit either way as half of its SHA-256, as `evolution.h.<digits>`.
package struct BusinessAlias: Sendable, Equatable {
    /// What is known of the address.
    package enum Key: Sendable, Equatable {
        case name(String)
        /// The first 16 bytes of the SHA-256 of the name's UTF-8, in 32 lower-case hexadecimal digits.
        case digest(String)
    }

    package let provider: ProviderName
    package let key: Key

    /// A valid `TenantName` for every name. The same name always is the same tenant, and no two are.
    package static func tenant(provider: ProviderName, name: String) -> String {
        let plain = "\(provider.rawValue).\(name)"
        if TenantName.isValid(plain), !name.isEmpty, !name.hasPrefix(hexMark), !name.hasPrefix(digestMark) {
            return plain
        }
        let hex = "\(provider.rawValue).\(hexMark)\(Hex.encode(Array(name.utf8)))"
        return TenantName.isValid(hex) ? hex : "\(provider.rawValue).\(digestMark)\(digest(of: name))"
    }

    /// Reads back what `tenant` wrote; nil for anything else. A business may have such an id of its own: ask for it first.
    package init?(tenant: String) {
        guard TenantName.isValid(tenant), let dot = tenant.utf8.firstIndex(of: UInt8(ascii: ".")),
            let provider = ProviderName(rawValue: String(tenant[..<dot]))
        else { return nil }
        let rest = tenant[tenant.index(after: dot)...], code = rest.dropFirst(2)
        if rest.hasPrefix(Self.hexMark) {
            guard let bytes = Hex.decode(String(code)), let name = String(validating: bytes, as: UTF8.self) else {
                return nil
            }
            key = .name(name)
        } else if rest.hasPrefix(Self.digestMark) {
            guard Hex.decode(String(code))?.count == 16 else { return nil }
            key = .digest(String(code))
        } else {
            key = .name(String(rest))
        }
        self.provider = provider
        guard Self.tenant(of: self) == tenant else { return nil }
    }

    package static func digest(of name: String) -> String {
        Hex.encode(Digest.sha256.hash(Array(name.utf8)).prefix(16))
    }

    private static func tenant(of alias: BusinessAlias) -> String {
        switch alias.key {
        case .name(let name): tenant(provider: alias.provider, name: name)
        case .digest(let digest): "\(alias.provider.rawValue).\(digestMark)\(digest)"
        }
    }

    private static let hexMark = "x."
    private static let digestMark = "h."
}
