import Native
import Shared

extension FuzzTarget {
    /// A URL in the first line, a form in the rest: what is signed is what Twilio's own rule says, in any order of the
    /// fields, and only its own token proves it.
    static let twilioSignature = FuzzTarget("twilio-signature", .text, dictionary: "twilio-signature", maxLength: 256) {
        input throws(Violation) in
        let cut = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.endIndex
        let url = String(decoding: input[..<cut], as: UTF8.self)
        let form = URLEncodedForm(Array(input[min(cut + 1, input.endIndex)...])).fields
        let signature = TwilioSignature.sign(url: url, form: form, token: "12345")

        let unsigned = url.utf8.firstIndex(of: UInt8(ascii: "#")).map { url[..<$0] } ?? url[...]
        let expected = Digest.sha1.hmac(key: key, message: Array(unsigned.utf8) + baseString(form))
        try hold(signature == Base64.encode(expected), "another base string than the rule's")
        guard form.isEmpty else {
            try hold(
                TwilioSignature.proves(signature, url: url, form: form, body: nil, tokens: tokens),
                "its own token does not prove it")
            guard isCheckedWhole(input) else { return }
            try hold(
                TwilioSignature.sign(url: url, form: form.reversed() + form.prefix(2), token: "12345") == signature,
                "order or repeats count")
            try hold(
                !TwilioSignature.proves(signature, url: url, form: form, body: nil, tokens: otherTokens),
                "another token proves it")
            return
        }
        let address = "https://a.example/?bodySHA256=" + Hex.encode(Digest.sha256.hash(input))
        let json = TwilioSignature.sign(url: address, form: [], token: "12345")
        func proves(_ body: [UInt8]) -> Bool {
            TwilioSignature.proves(json, url: address, form: [], body: body, tokens: tokens)
        }
        try hold(proves(input) && !proves(input + [0]), "a body proven or not whatever its hash")
    }

    private static let key = Array("12345".utf8)
    private static let tokens = [Secret("12345")]
    private static let otherTokens = [Secret("1234")]

    /// Names sorted, each with its values sorted, all of them distinct, written one after another.
    private static func baseString(_ form: [(name: String, value: String)]) -> [UInt8] {
        var fields = form.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
        fields.sort { a, b in
            a.name == b.name ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
        }
        var text: [UInt8] = []
        for (index, field) in fields.enumerated() where index == 0 || fields[index - 1] != field {
            text += field.name
            text += field.value
        }
        return text
    }

    /// Header, a line feed, claims: signed with the right key, so that what reads them is reached; and the input itself
    /// as a token, which nobody signed.
    static let evolutionToken = FuzzTarget("evolution-token", .json, dictionary: "evolution-token", maxLength: 256) {
        input throws(Violation) in
        let now = WallTime(milliseconds: 1_763_650_000_000)
        try hold(
            !EvolutionToken.proves(String(decoding: input, as: UTF8.self), keys: evolutionKeys, now: now), "unsigned")

        let cut = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.endIndex
        let claims = Array(input[min(cut + 1, input.endIndex)...])
        let signed = Base64URL.encode(Array(input[..<cut])) + "." + Base64URL.encode(claims)
        let token =
            signed + "."
            + Base64URL.encode(Digest.sha256.hmac(key: evolutionKeys[0].exposed, message: Array(signed.utf8)))
        guard EvolutionToken.proves(token, keys: evolutionKeys, now: now) else { return }
        for others in [[], [Secret("")], [Secret("another key")]] {
            try hold(!EvolutionToken.proves(token, keys: others, now: now), "proven by another key, or by none")
        }
        try hold(!EvolutionToken.proves(token + "A", keys: evolutionKeys, now: now), "proven with more behind it")
        let end = (try? JSON.read(claims) { claims throws(JSONError) in claims["exp"]?.double }) ?? nil
        guard let end else { throw Violation(description: "good without an end") }
        try hold(end > 1_763_649_939, "good although its time is over")
    }

    private static let evolutionKeys = [Secret("a key of the fuzz target")]
}
