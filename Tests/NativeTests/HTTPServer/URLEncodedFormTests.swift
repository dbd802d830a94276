import Native
import Testing

@Suite("URL-encoded form")
struct URLEncodedFormTests {
    @Test(arguments: [
        ("a=1&b=2", [("a", "1"), ("b", "2")]),
        ("", []),
        ("a", [("a", "")]),
        ("a=&=b&&c", [("a", ""), ("", "b"), ("c", "")]),
        ("a=b=c", [("a", "b=c")]),
        ("Body=Ol%C3%A1%21+2%2B2%3D4+%26+ok%3F", [("Body", "Olá! 2+2=4 & ok?")]),
        ("a=%&b=%4&c=%4g&d=%g4&e=%41", [("a", "%"), ("b", "%4"), ("c", "%4g"), ("d", "%g4"), ("e", "A")]),
        ("a=%FF", [("a", "\u{FFFD}")]),
        ("a%3D=1", [("a=", "1")]),
    ])
    func `fields come decoded, in order, whatever was sent`(text: String, fields: [(String, String)]) {
        let form = URLEncodedForm(text)
        #expect(form.fields.map(\.name) == fields.map(\.0))
        #expect(form.fields.map(\.value) == fields.map(\.1))
    }

    @Test func `the first of several fields of a name is found`() {
        #expect(URLEncodedForm("a=1&a=2")["a"] == "1")
        #expect(URLEncodedForm("a=1")["b"] == nil)
    }

    @Test func `a megabyte of fields is read up to the limit, and a megabyte of percent signs stays one`() {
        let bomb = URLEncodedForm(Array(String(repeating: "a&", count: 1 << 19).utf8))
        #expect(bomb.fields.count == URLEncodedForm.maxFields)
        let ampersands = URLEncodedForm([UInt8](repeating: 0x26, count: 1 << 20))
        #expect(ampersands.fields.isEmpty)
        let storm = URLEncodedForm([UInt8](repeating: 0x25, count: 1 << 20))
        #expect(storm.fields.count == 1 && storm.fields.first?.name.utf8.count == URLEncodedForm.maxBytes)
        let long = "a=" + String(repeating: "b", count: URLEncodedForm.maxBytes - 7) + "&c=d"
        #expect(URLEncodedForm(long + "e&f=g").fields.map(\.value.utf8.count) == [URLEncodedForm.maxBytes - 7, 2])
    }
}
