import Native
import Testing

@Suite("HTTP token")
struct HTTPTokenTests {
    @Test(arguments: ["GET", "X-Internal-Secret", "a", "!#$%&'*+-.^_`|~09azAZ"])
    func `letters, digits and fifteen marks make one`(text: String) { #expect(HTTPToken.isToken(text)) }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "a\0", "\t", "é", "a\u{7F}", "(a)", "a/b", "\"", "{", "@"])
    func `anything else does not`(text: String) { #expect(!HTTPToken.isToken(text)) }
}
