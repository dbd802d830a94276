/// The hosts that a URL which is not the operator's own may name although they are private: `OUTBOUND_ALLOW_HOSTS`.
package struct OutboundHosts: Sendable, Equatable {
    private let allowed: Set<String>

    package init(_ hosts: [String]) { allowed = Set(hosts.map { $0.lowercased() }) }

    /// Whether the URL's host is one of them, as it is written. Only an authority that can be read in one way counts
    /// (RFC 3986 section 3.2, without user information and escapes), so that whoever connects sees the same host.
    package func contains(hostOf url: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }) else {
            return false
        }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }.lowercased()
        guard authority.utf8.allSatisfy(Self.isPlain) else { return false }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return false }
        return allowed.contains(String(parts[0]))
    }

    /// Of a name, an IPv4 address, and the colon of a port. IPv6 addresses cannot be named.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
