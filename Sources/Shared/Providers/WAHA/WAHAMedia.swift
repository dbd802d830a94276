import Native

/// WAHA's media: a file of its own, which takes the key, or one in an object store, whose URL carries what it takes. A
/// message without a file is asked for again, with the download.
/// Source: WAHA's "Receive messages", "Security", and devlikeapro/waha issues 484 and 954.
enum WAHAMedia {
    private static let files = "/api/files/"

    /// In the order to try.
    static func calls(
        _ media: InboundMedia, of message: InboundMessage, _ account: WAHAAccount, _ hosts: OutboundHosts
    ) -> [MediaCall] {
        let path =
            "/api/\(PathSegment.encode(account.session))/chats/\(PathSegment.encode(message.address.rawValue))"
            + "/messages/\(PathSegment.encode(media.id ?? message.messageID))?downloadMedia=true"
        let again = MediaCall(
            url: account.url + path, headers: headers(account), mayBePrivate: account.mayBePrivate,
            answer: .wahaMessage)
        return [media.url.flatMap { call($0, account, hosts) }].compactMap { $0 } + [again]
    }

    /// The call for the bytes. nil when the answer tells no place, or one that is not the session's.
    @LoopActor static func call(
        _ answer: JSONElement, _ account: WAHAAccount, _ hosts: OutboundHosts
    ) -> MediaCall? {
        answer["media"]?["url"]?.string.flatMap { call($0, account, hosts) }
    }

    /// WAHA names itself as it thinks that it is reached (`http://localhost:3000`), so of its own files only the path
    /// counts.
    private static func call(_ url: String, _ account: WAHAAccount, _ hosts: OutboundHosts) -> MediaCall? {
        guard let scheme = url.firstRange(of: "://")?.upperBound else { return nil }
        let path = url[scheme...].drop { $0 != "/" }
        guard path.hasPrefix(files) else { return MediaCall(url: url, mayBePrivate: hosts.contains(hostOf: url)) }
        guard isOwnFile(path, account.session) else { return nil }
        return MediaCall(url: account.url + path, headers: headers(account), mayBePrivate: account.mayBePrivate)
    }

    /// A file of this session: who may write events of one session must not read another's by them.
    private static func isOwnFile(_ path: Substring, _ session: String) -> Bool {
        let names = path.dropFirst(files.count).split(separator: "/", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(isPlain) }) else {
            return false
        }
        return names.count == 1 || (names.count == 2 && String(names[0]) == PathSegment.encode(session))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "@"):
            true
        default: false
        }
    }

    private static func headers(_ account: WAHAAccount) -> [String: String] { ["X-Api-Key": account.apiKey.exposed] }
}
