import Native
import TestSupport
import Testing

@Suite("JSON", .onLoop)
@LoopActor struct JSONTests {
    func read<T: Sendable>(_ text: String, _ body: (JSONElement) throws(JSONError) -> T) throws(JSONError) -> T {
        try JSON.read(Array(text.utf8), body)
    }

    @Test func `values come out with their types`() throws {
        try read(#"{"s":"a\u00e1😀","i":-7,"d":1.5,"t":true,"n":null,"a":[1,2,3]}"#) { root in
            #expect(root["s"]?.string == "aá😀")
            #expect(root["i"]?.int == -7)
            #expect(root["d"]?.double == 1.5)
            #expect(root["d"]?.int == nil)
            #expect(root["t"]?.bool == true)
            #expect(root["n"] == nil)
            #expect(root["missing"] == nil)
            #expect(root["a"]?.items.compactMap(\.int) == [1, 2, 3])
            #expect(root.fields.map(\.name) == ["s", "i", "d", "t", "n", "a"])
        }
    }

    @Test(arguments: ["", "{", "{\"a\":}", "[1,]", "nul", "{\"a\":1}x", "\"\u{1}\""])
    func `malformed text is refused with a reason`(text: String) {
        #expect(throws: JSONError.self) { try read(text) { _ in } }
    }

    @Test func `text that is not UTF-8 is refused`() {
        #expect(throws: JSONError.self) { try JSON.read([0x22, 0xFF, 0xFE, 0x22]) { _ in } }
    }

    @Test func `nesting beyond the limit is refused, up to it read`() throws {
        let deep = String(repeating: "[", count: JSON.maxDepth - 2) + String(repeating: "]", count: JSON.maxDepth - 2)
        try read(deep) { #expect($0.isArray) }
        let tooDeep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: JSONError.self) { try read(tooDeep) { _ in } }
    }

    @Test(arguments: [
        [UInt8](repeating: 0x5B, count: 1 << 20), [UInt8](repeating: 0x7B, count: 1 << 20),
        Array(String(repeating: "[", count: 1 << 19).utf8) + Array(String(repeating: "]", count: 1 << 19).utf8),
        [UInt8](repeating: 0x22, count: 1 << 20), [UInt8](repeating: 0, count: 1 << 20),
        [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], Array(#""\ud800""#.utf8), Array(#""\udc00\ud800""#.utf8), Array("1e999".utf8),
        Array("{\"a\":\"\0\"}".utf8),
    ])
    func `a bomb is refused, and the next text is read`(text: [UInt8]) throws {
        #expect(throws: JSONError.self) { try JSON.read(text) { $0.isNull } }
        #expect(try JSON.read(Array("null".utf8)) { $0.isNull })
    }

    @Test func `a megabyte of digits, and of values, is read or refused at once`() throws {
        let digits = [UInt8](repeating: 0x31, count: 1 << 20)
        #expect(throws: JSONError.self) { try JSON.read(digits) { $0.double == nil } }
        let values = Array(("[" + String(repeating: "1,", count: 1 << 19) + "1]").utf8)
        #expect(try JSON.read(values) { $0.items.count } == (1 << 19) + 1)
    }

    @Test func `of a field that stands twice the first counts`() throws {
        #expect(try JSON.read(Array(#"{"a":1,"a":2}"#.utf8)) { $0["a"]?.int } == 1)
    }

    @Test func `a read inside a read does not disturb the outer one`() throws {
        try read(#"{"outer":"1"}"#) { outer throws(JSONError) in
            try read(#"{"inner":"2"}"#) { #expect($0["inner"]?.string == "2") }
            #expect(outer["outer"]?.string == "1")
        }
    }

    @Test func `what needs an escape has one wherever it stands`() throws {
        let special = (UInt8(0)..<0x20).map { ($0, Self.escape($0)) } + [(0x22, "\\\""), (0x5C, "\\\\")]
        // Longer than two words of eight bytes: text is looked at by the word.
        for length in 1...20 {
            for place in 0..<length {
                for (byte, escaped) in special + [(0x7F, "\u{7F}"), (0x20, " "), (0x21, "!"), (0x5D, "]")] {
                    // Beside it what differs from a quote, a backslash and a space by one bit.
                    var bytes = (0..<length).map { [0x23, 0x5D, 0x21, 0x7E][$0 % 4] as UInt8 }
                    let before = String(decoding: bytes[..<place], as: UTF8.self)
                    let after = String(decoding: bytes[(place + 1)...], as: UTF8.self)
                    bytes[place] = byte
                    let text = String(decoding: bytes, as: UTF8.self), quoted = "\"\(before)\(escaped)\(after)\""
                    var json = JSONWriter()
                    json.beginObject()
                    json.field("a", text)
                    json.key(named: text)
                    json.value(text)
                    json.endObject()
                    #expect(json.text == "{\"a\":\(quoted),\(quoted):\(quoted)}")
                }
            }
        }
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        default: "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    @Test(arguments: [
        0, 7, 9, 10, 42, 99, 100, 105, 999, 1000, 1001, 10_099, 123_456_789, -1, -10, -105, .max, .min,
    ])
    func `numbers are written as Swift writes them`(number: Int) {
        var bytes: [UInt8] = []
        bytes.append(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "\(number)")
        guard number >= 0 else { return }
        for width in 1...4 {
            var bytes: [UInt8] = []
            bytes.append(decimal: number, width: width)
            let zeros = String(repeating: "0", count: max(0, width - "\(number)".count))
            #expect(String(decoding: bytes, as: UTF8.self) == zeros + "\(number)")
        }
    }

    @Test func `a writer's text reads back the same`() throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("text", "quote \" slash \\ line \n tab \t bell \u{7} emoji 👋")
        json.field("number", -42)
        json.field("flag", false)
        json.field("absent", ifPresent: nil)
        json.key("list")
        json.beginArray()
        json.value(1)
        json.value("two")
        json.beginObject()
        json.endObject()
        json.endArray()
        json.field("last", 0.25)
        json.endObject()
        try JSON.read(json.bytes) { root in
            #expect(root["text"]?.string == "quote \" slash \\ line \n tab \t bell \u{7} emoji 👋")
            #expect(root["number"]?.int == -42)
            #expect(root["flag"]?.bool == false)
            #expect(root["list"]?.items.count == 3)
            #expect(root["last"]?.double == 0.25)
        }
    }
}
