import Testing

@testable import Worker

@Suite("Language guess")
struct LanguageGuessTests {
    @Test(arguments: [
        ("Hello, are you open tomorrow?", Language.english), ("thanks!", .english), ("What's the price", .english),
        ("I need my order number 4711", .english), ("Hi", .english),
        ("שלום, מה שעות הפתיחה?", .hebrew), ("כמה עולה Samsung Galaxy S25?", .hebrew), ("הַזְמָנָה", .hebrew),
        ("היי https://example.com/a/very/long/link/in/latin/letters", .hebrew),
        ("مرحبا، ما هي ساعات العمل؟", .arabic), ("متى يصل iPhone؟", .arabic),
        ("Hola, ¿cuánto cuesta?", .spanish), ("Gracias", .spanish), ("buenos dias", .spanish),
        ("Quiero cambiar mi cita de mañana", .spanish), ("donde estan ustedes", .spanish),
        ("Olá, vocês abrem amanhã?", .portuguese), ("obrigada", .portuguese), ("nao recebi meu pedido", .portuguese),
        ("Quanto custa o corte?", .portuguese), ("Não", .portuguese), ("bom dia, tudo bem?", .portuguese),
    ])
    func `a text that tells its language is known`(text: String, language: Language) {
        #expect(LanguageGuess.language(of: text) == language)
    }

    @Test(arguments: [
        "", "   ", "ok", "👍", "12345", "https://example.com/the/price/of/this", "dana@example.com", "por favor",
        "Samsung Galaxy", "Привет, как дела?", "你好", "Bonjour, combien est-ce que ça coûte ?", "ciao, quanto costa?",
        "Guten Tag, ich habe eine Frage", "سلام، قیمت چنده؟", "?!",
    ])
    func `what tells none, or one that ships no texts, is unsure`(text: String) {
        #expect(LanguageGuess.language(of: text) == nil)
    }

    @Test func `the first text that is sure decides`() {
        #expect(LanguageGuess.language(ofFirst: ["ok", "שלום", "Hello, how are you"]) == .hebrew)
        #expect(LanguageGuess.language(ofFirst: [String]()) == nil)
    }

    @Test func `a long text costs no more than its beginning`() {
        let text = "hola " + String(repeating: "the ", count: 100_000)
        #expect(LanguageGuess.language(of: text) == .english)
    }
}
