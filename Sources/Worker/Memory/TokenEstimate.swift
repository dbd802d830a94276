/// How many tokens a text costs, near enough to choose by, for any script and any model.
///
/// Four letters of ASCII count as one token, as OpenAI's "What are tokens" has it for English; two digits, signs or
/// line feeds do, which models cut finer; and of everything else two bytes of UTF-8 do: a letter of Hebrew, Arabic or
/// Cyrillic is one token, one of the Indic scripts, Chinese or Japanese one and a half, an emoji two. Byte-level
/// encodings, which nearly all models have, never make more tokens than bytes, so that for a script that a model
/// hardly knows this is half of the truth at worst.
enum TokenEstimate {
    /// What a message costs beside its text: role and bounds.
    private static let perMessage = 4

    /// Rounded up; 0 for the empty text.
    static func tokens(_ text: String) -> Int {
        var quarters = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: " "):
                quarters += 1
            default: quarters += 2
            }
        }
        return (quarters + 3) / 4
    }

    /// Texts and calls. Pictures are not counted.
    static func tokens(_ messages: [ChatMessage]) -> Int {
        messages.reduce(0) { sum, message in
            let calls = message.toolCalls.reduce(0) { $0 + perMessage + tokens($1.name) + tokens($1.arguments) }
            return sum + perMessage + tokens(message.text) + calls
        }
    }
}
