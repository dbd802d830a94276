import Native
import Testing

@Suite("Path pattern")
struct PathPatternTests {
    let pattern = PathPattern("/webhook/twilio/:business/status")

    func match(_ path: String) -> String? { pattern.match(PathPattern.words(of: path))?["business"] }

    @Test func `a name stands for one word, decoded`() {
        #expect(match("/webhook/twilio/shop/status") == "shop")
        #expect(match("/webhook/twilio/my%20shop/status") == "my shop")
        #expect(match("/webhook/twilio/a%2Fb/status") == "a/b")
    }

    @Test(arguments: [
        "/webhook/twilio/shop", "/webhook/twilio/shop/status/", "/webhook/twilio//status",
        "//webhook/twilio/shop/status",
        "/webhook//twilio/shop/status", "/Webhook/twilio/shop/status", "/webhook/twilio/a/b/status", "/", "",
        "/webhook/twilio/shop/%73tatus",
    ])
    func `another path does not match`(path: String) {
        #expect(match(path) == nil)
    }
}
