import Native
import Shared
import Testing

@testable import Worker

@Suite("Opt-out words")
struct OptOutWishTests {
    private func wish(_ text: String, _ change: (inout BusinessSettings) -> Void = { _ in }) -> OptOutWish? {
        var settings = BusinessSettings()
        change(&settings)
        return OptOutWish(text, settings)
    }

    @Test(arguments: [
        "STOP", "stop", " Stop! ", "«STOP».", "stop all", "Opt-out", "unsubscribe", "STOP 🛑", "הסר", "הסר.", "הָסֵר",
        "\u{200F}הסר\u{200F}", "إيقاف", "ايقاف", "إلغاء الاشتراك", "الغاء الإشتراك", "إيـقـاف", "Baja", "darme de baja",
        "cancelar suscripcion", "SAIR", "cancelar inscrição", "CANCELAR INSCRICAO",
    ])
    func `the whole message is a word, whatever its case, punctuation and marks`(text: String) {
        #expect(wish(text) == .out)
    }

    @Test(arguments: ["START", "start!", "unstop", "הצטרפות", "اشتراك", "ALTA", "Voltar"])
    func `a word brings back`(text: String) { #expect(wish(text) == .back) }

    @Test(arguments: [
        "", "  ", "!!!", "please stop by tomorrow", "don't stop", "STOP calling me", "stopp", "start tomorrow?",
        "la baja de precios", "👍", String(repeating: "stop ", count: 1000),
    ])
    func `anything more or other is an ordinary message`(text: String) { #expect(wish(text) == nil) }

    @Test func `a business's own words stand in place of those that ship`() {
        #expect(wish("Genug!") { $0.optOutWords = ["genug"] } == .out)
        #expect(wish("STOP") { $0.optOutWords = ["genug"] } == nil)
        #expect(wish("STOP") { $0.optOutWords = [] } == nil)
        #expect(wish("Weiter") { $0.optInWords = ["weiter"] } == .back)
        #expect(wish("START") { $0.optInWords = ["weiter"] } == nil)
        #expect(wish("!?") { $0.optOutWords = ["!"] } == nil)
    }

    @Test func `neither a group nor a picture's caption opts out`() throws {
        func message(_ address: String, _ kind: MessageKind) throws -> InboundMessage {
            InboundMessage(
                tenant: "b", provider: .baileys, address: try #require(ContactAddress(rawValue: address)),
                contactName: nil, messageID: "M1", kind: kind, text: "STOP", sentAt: WallTime(milliseconds: 0))
        }
        let settings = BusinessSettings()
        #expect(OptOutWish(try message("15550001111@s.whatsapp.net", .text), settings) == .out)
        #expect(OptOutWish(try message("1@g.us", .text), settings) == nil)
        #expect(OptOutWish(try message("15550001111@s.whatsapp.net", .image), settings) == nil)
    }
}
