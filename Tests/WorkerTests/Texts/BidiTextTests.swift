import Testing

@testable import Worker

@Suite("Text of both directions")
struct BidiTextTests {
    @Test(arguments: [
        // What is laid out right by itself stays as it is.
        ("Hello Dana", "Hello Dana"), ("שלום Dana, ברוכים הבאים", "שלום Dana, ברוכים הבאים"), ("123", "123"), ("", ""),
        // A line that begins with a name or a link of the other direction.
        ("Rejoinder: נחזור אליך בהקדם", "\u{200F}Rejoinder: נחזור אליך בהקדם"),
        (
            "https://a.example עוד פרטים נוספים כאן, כולם בעברית",
            "\u{200F}https://a.example עוד פרטים נוספים כאן, כולם בעברית"
        ),
        ("דנה will call you back soon", "\u{200E}דנה will call you back soon"),
        // Line by line, each by the direction of the whole.
        ("שלום וברכה לכולם\n+972 50 123\nDana תתקשר", "שלום וברכה לכולם\n+972 50 123\n\u{200F}Dana תתקשר"),
        // What stands in an isolate is not what the line begins with.
        ("\u{2068}Dana\u{2069} תתקשר אליך", "\u{2068}Dana\u{2069} תתקשר אליך"),
    ])
    func `a mark stands where a line begins in the other direction than the text`(text: String, marked: String) {
        #expect(BidiText.marked(text) == marked)
        #expect(BidiText.marked(marked) == marked)
    }

    @Test func `a value is isolated only where it runs the other way`() {
        #expect(BidiText.filled("Hi {name}!", "{name}", with: "Dana") == "Hi Dana!")
        #expect(BidiText.filled("Hi {name}!", "{name}", with: "דנה") == "Hi \u{2068}דנה\u{2069}!")
        #expect(
            BidiText.filled("שלום {name}!", "{name}", with: "https://a.example")
                == "שלום \u{2068}https://a.example\u{2069}!")
        #expect(BidiText.filled("Hi!", "{name}", with: "Dana") == "Hi!")
    }
}
