import Native

/// A URL as Twilio signs it, and the other ways in which it may have spelled the port.
struct TwilioURL {
    /// Without the fragment.
    let whole: String

    init(_ url: String) {
        whole = url.utf8.firstIndex(of: UInt8(ascii: "#")).map { String(url[..<$0]) } ?? url
    }

    /// The fields of the query, decoded.
    var query: [(name: String, value: String)] {
        guard let mark = whole.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return URLEncodedForm(Array(whole.utf8[mark...].dropFirst())).fields
    }

    /// The URL without its port, then with the standard port of its scheme, where they are not as given.
    var otherSpellings: [String] {
        guard let standard = standardPort, let authority else { return [] }
        let host = hostWithoutPort(of: authority)
        let start = whole[..<authority.startIndex], rest = whole[authority.endIndex...]
        return ["\(start)\(host)\(rest)", "\(start)\(host):\(standard)\(rest)"].filter { $0 != whole }
    }

    private var standardPort: Int? {
        switch whole.prefix(while: { $0 != ":" }).lowercased() {
        case "https": 443
        case "http": 80
        default: nil
        }
    }

    /// What stands between `//` and the path: user and password, host and port.
    private var authority: Substring? {
        guard let scheme = whole.firstIndex(of: ":"), whole[scheme...].hasPrefix("://") else { return nil }
        return whole[whole.index(scheme, offsetBy: 3)...].prefix(while: { $0 != "/" && $0 != "?" })
    }

    /// The colons of a password and of an IPv6 address in brackets start no port.
    private func hostWithoutPort(of authority: Substring) -> Substring {
        guard let colon = authority.lastIndex(of: ":") else { return authority }
        let isPort = authority[colon...].dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
        let isInHost = authority[colon...].allSatisfy { $0 != "@" && $0 != "]" }
        return isPort && isInHost ? authority[..<colon] : authority
    }
}
