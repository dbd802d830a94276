import Native
import Testing

@Suite("Percent encoding")
struct PercentEncodingTests {
    @Test(arguments: [
        ("", "", ""), ("aZ09", "", "aZ09"), ("-._~", "", "%2D%2E%5F%7E"), ("-._~", "-._~", "-._~"),
        ("a b+c%", "", "a%20b%2Bc%25"), ("a/b@c", "/", "a/b%40c"), ("é שלום", "-", "%C3%A9%20%D7%A9%D7%9C%D7%95%D7%9D"),
        ("👋\0", "", "%F0%9F%91%8B%00"),
    ])
    func `all but letters, digits and what is spared becomes its bytes`(text: String, spared: String, encoded: String) {
        #expect(PercentEncoding.encode(text, sparing: spared) == encoded)
    }
}
