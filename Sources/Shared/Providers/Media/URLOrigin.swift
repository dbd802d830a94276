/// Scheme, host and port of a URL (RFC 6454). Only what can be read in one way: no user information, no escapes, and
/// no IPv6 address.
struct URLOrigin: Equatable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// In lower case.
    let host: String
    let port: Int

    init?(_ url: String) {
        guard let end = url.firstRange(of: "://")?.lowerBound else { return nil }
        scheme = url[..<end].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = url[end...].dropFirst(3)
        let parts = rest.prefix { !"/?#".contains($0) }.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        host = parts.first.map { $0.lowercased() } ?? ""
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, !host.isEmpty else { return nil }
        guard parts.count == 2 else {
            port = scheme == "https" ? 443 : 80
            return
        }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
            (1...65535).contains(number)
        else { return nil }
        port = number
    }

    /// Without a slash at its end.
    var text: String { "\(scheme)://\(host):\(port)" }

    /// Whether the host is the domain or one below it.
    func isWithin(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }
}
