import Native

/// `X-Twilio-Signature`: base64 of HMAC-SHA1, keyed with the account's auth token, of the URL that Twilio called and of
/// the form that it posted (twilio.com/docs/usage/webhooks/webhooks-security).
package enum TwilioSignature {
    /// base64(HMAC-SHA1(token, url + for each distinct name, sorted: name + each distinct value, sorted)). Names and
    /// values are compared and sorted by their UTF-8, because that is what Twilio does: two spellings of "é" are two.
    /// The URL's fragment holds settings of Twilio's connection and is not signed.
    package static func sign(url: String, form: [(name: String, value: String)], token: String) -> String {
        sign(Array(TwilioURL(url).whole.utf8) + signed(form), token: token)
    }

    /// Whether one of the tokens signed this request. Tries the URL as given, without its port, and with the scheme's
    /// standard port, because Twilio is not of one mind about ports.
    ///
    /// - Parameter body: Of a JSON request, whose SHA-256 must be the query's one `bodySHA256`, in hexadecimal of
    ///   either case; `form` counts for nothing then. nil for a form.
    package static func proves(
        _ given: String, url: String, form: [(name: String, value: String)], body: [UInt8]?, tokens: [Secret]
    ) -> Bool {
        let url = TwilioURL(url), given = Array(given.utf8), form = body == nil ? signed(form) : []
        if let body, !holds(url, hashOf: body) { return false }
        func proves(_ spelling: String) -> Bool {
            let message = Array(spelling.utf8) + form
            return tokens.prove { constantTimeEquals(given, Array(sign(message, token: $0).utf8)) }
        }
        return proves(url.whole) || url.otherSpellings.contains(where: proves)
    }

    private static func sign(_ message: [UInt8], token: String) -> String {
        Base64.encode(Digest.sha1.hmac(key: token, message: message))
    }

    private static func holds(_ url: TwilioURL, hashOf body: [UInt8]) -> Bool {
        let hashes = url.query.filter { $0.name == "bodySHA256" }
        guard hashes.count == 1, let hash = Hex.decode(hashes[0].value) else { return false }
        return constantTimeEquals(hash, Digest.sha256.hash(body))
    }

    private static func signed(_ form: [(name: String, value: String)]) -> [UInt8] {
        let sorted = form.indices.map { Place(place: $0, head: head(form[$0].name)) }.sorted { a, b in
            a.head == b.head ? compare(form[a.place], form[b.place]) < 0 : a.head < b.head
        }
        var message: [UInt8] = []
        message.reserveCapacity(form.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count })
        var last: Place?
        for next in sorted {
            if let last, last.head == next.head, compare(form[last.place], form[next.place]) == 0 { continue }
            message.append(contentsOf: form[next.place].name.utf8)
            message.append(contentsOf: form[next.place].value.utf8)
            last = next
        }
        return message
    }

    /// What is sorted in place of a field, which would be kept and let go of with each step.
    private struct Place {
        let place: Int
        let head: UInt64
    }

    /// The first eight bytes as a number, which sorts as they do: nearly all names differ there.
    private static func head(_ name: String) -> UInt64 {
        let bytes = name.utf8.span
        var head: UInt64 = 0
        for place in 0..<8 { head = head << 8 | (place < bytes.count ? UInt64(bytes[place]) : 0) }
        return head
    }

    private static func compare(_ a: (name: String, value: String), _ b: (name: String, value: String)) -> Int {
        let names = a.name.compareUTF8(b.name)
        return names == 0 ? a.value.compareUTF8(b.value) : names
    }
}
