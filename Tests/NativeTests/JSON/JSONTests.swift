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

    @Test func `a read inside a read does not disturb the outer one`() throws {
        try read(#"{"outer":"1"}"#) { outer throws(JSONError) in
            try read(#"{"inner":"2"}"#) { #expect($0["inner"]?.string == "2") }
            #expect(outer["outer"]?.string == "1")
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
