import Native
import Testing

@Suite("Encodings")
struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{3ff}\u{fffd}", "z7_vv70"),
    ])
    func `URL-safe Base64 is that of RFC 4648 without padding, both ways`(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(Array(encoded.utf8)[...]) == Array(plain.utf8))
    }

    @Test func `all bytes go both ways through URL-safe Base64 at each length`() {
        for count in 0...256 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
            #expect(Base64URL.decode(Array(Base64URL.encode(bytes).utf8)[...]) == bytes)
        }
    }

    @Test(arguments: [
        "Zg==", "Zm8=", "Zm9v=", "Z", "Zm9vY", "Zh", "Zm9", "Zm9vYh", " Zm9v", "Zm9v\n", "Zm\n9v", "Zm+v", "Zm/v",
        "Zm9.", "Zmé",
    ])
    func `URL-safe Base64 has one spelling`(text: String) { #expect(Base64URL.decode(Array(text.utf8)[...]) == nil) }

    @Test func `all bytes go both ways through Base64 at each length`() {
        for count in 0...256 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
            #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zm8", "Zm9v=", "Z", "====", "Z===", "Zm9v====", "Zg==Zm9v", "Zm9v----", " Zm9v", "Zm9v\n\n\n\n",
        "Zm\n9", "Zm-_", "Zm9é",
    ])
    func `what is not Base64 on one line is none`(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

    @Test func `all bytes go both ways through hexadecimal text`() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hex.encode(bytes)
        #expect(text.count == 512)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hex.decode(text) == bytes)
        #expect(Hex.decode(text.uppercased()) == bytes)
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "000", "0g", "/0", ":0", "@0", "G0", "`0", "g0", " 00", "00 ", "0\u{ff10}", "é"])
    func `what is not pairs of digits is no hexadecimal text`(text: String) { #expect(Hex.decode(text) == nil) }
}
