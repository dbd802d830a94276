import Native
import Shared
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:30 GMT
    static let now = WallTime(milliseconds: 784_111_770_000)

    @Test(arguments: [
        ("0", Duration.zero), ("12", .seconds(12)), ("1.5", .milliseconds(1500)), ("-1", .zero),
        ("9999", .seconds(300)), ("inf", .seconds(300)),
        // RFC 9110's three examples of one moment, 7 s later.
        ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(7)), ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(7)),
        ("Sun Nov  6 08:49:37 1994", .seconds(7)),
        ("Sun, 06 Nov 1994 08:49:00 GMT", .zero), ("Mon, 06 Nov 2034 08:49:37 GMT", .seconds(300)),
    ])
    func `seconds and dates are understood`(text: String, wait: Duration) {
        #expect(RetryAfter.wait(text, now: Self.now) == wait)
    }

    @Test(arguments: ["", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "nan", "-nan(1)"])
    func `anything else is none`(text: String) {
        #expect(RetryAfter.wait(text, now: Self.now) == nil)
    }
}
