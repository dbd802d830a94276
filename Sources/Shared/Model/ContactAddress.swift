/// Where a contact is reached: a phone number, a `@lid`, or a user id of Meta's; as the provider wrote it, without a
/// device suffix.
package struct ContactAddress: Sendable, Hashable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    /// nil when the text cannot be an address: empty, over 160 bytes, or with characters that no provider uses and
    /// that separate the parts of a queue's keys.
    package init?(rawValue: String) {
        guard KeyPart.isValid(rawValue, most: 160), rawValue.utf8.first != UInt8(ascii: "#") else { return nil }
        self.rawValue = rawValue
    }

    /// A WhatsApp id without its agent and device: `5511999990000_1:12@s.whatsapp.net` becomes
    /// `5511999990000@s.whatsapp.net`. Source: `jidDecode` in Baileys' WABinary/jid-utils.ts.
    package init?(jid: String) {
        let text = jid.utf8
        guard let at = text.firstIndex(of: UInt8(ascii: "@")),
            let end = text[..<at].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "_") })
        else {
            self.init(rawValue: jid)
            return
        }
        self.init(rawValue: String(jid[..<end] + jid[at...]))
    }

    package var description: String { rawValue }

    /// The server part of a WhatsApp id: `s.whatsapp.net`, `lid`, `g.us`, … nil for other addresses.
    package var server: Substring? {
        let text = rawValue.utf8
        return text.firstIndex(of: UInt8(ascii: "@")).map { Substring(text[text.index(after: $0)...]) }
    }

    /// Of WhatsApp's servers, those of people whose number is known.
    private static let phoneServers = ["s.whatsapp.net", "c.us", "hosted"]

    /// The phone number in digits, where the address is one: `@s.whatsapp.net`, `@c.us`, `@hosted`, `whatsapp:+…`, or
    /// digits.
    package var phone: String? {
        let text = rawValue.utf8.span
        var start = 0, end = text.count
        if let server = Self.phoneServers.first(where: isAt) {
            end -= server.utf8.count + 1
        } else {
            if has("whatsapp:", at: 0) { start = "whatsapp:".utf8.count }
            if start < end, text[start] == UInt8(ascii: "+") { start += 1 }
        }
        let isNumber = (5...20).contains(end - start) && (start..<end).allSatisfy { (0x30...0x39).contains(text[$0]) }
        return isNumber ? String(rawValue.utf8.dropFirst(start).prefix(end - start)) : nil
    }

    /// A user id of Meta's, good for one business portfolio: a country's two letters, a dot, and up to 128 letters, digits
    /// and dots. It stands for a contact whose phone is not told.
    /// Source: Meta's "Business-scoped user IDs".
    package var isBusinessScopedID: Bool {
        let bytes = Array(rawValue.utf8)
        return (4...131).contains(bytes.count) && bytes[2] == UInt8(ascii: ".")
            && bytes[..<2].allSatisfy { (0x41...0x5A).contains($0) }
            && bytes[3...].allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: ".")
            }
    }

    package var isGroup: Bool { isAt("g.us") }
    package var isNewsletter: Bool { isAt("newsletter") }
    package var isBroadcast: Bool { isAt("broadcast") }
    /// Meta's assistants, under their own server or as numbers. Source: `isJidBot` and `isJidMetaAI` in Baileys'
    /// WABinary/jid-utils.ts.
    package var isBot: Bool {
        if isAt("bot") { return true }
        guard has("1313555", at: 0) || has("131655500", at: 0) else { return false }
        return phone?.utf8.count == 11
    }
    /// WhatsApp itself, which tells news and takes no answer.
    package var isAnnouncer: Bool { has("0@", at: 0) }

    /// Asked of every message: compares from the end, without looking for the `@` first.
    private func isAt(_ server: String) -> Bool {
        let start = rawValue.utf8.count - server.utf8.count
        return start > 0 && rawValue.utf8.span[start - 1] == UInt8(ascii: "@") && has(server, at: start)
    }

    /// Whether the bytes from there on begin with those of `part`.
    private func has(_ part: String, at start: Int) -> Bool {
        let text = rawValue.utf8.span, part = part.utf8.span
        return start + part.count <= text.count && part.indices.allSatisfy { text[start + $0] == part[$0] }
    }
}
