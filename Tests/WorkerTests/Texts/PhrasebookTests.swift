import Shared
import Testing

@testable import Worker

@Suite("Phrasebook")
struct PhrasebookTests {
    private func book(_ operators: String? = nil, _ change: (inout BusinessSettings) -> Void = { _ in }) -> Phrasebook {
        var settings = BusinessSettings()
        change(&settings)
        return Phrasebook(settings: settings, fallbackText: operators)
    }

    @Test func `every shipped language has every text and words to opt out and in again`() {
        for language in Language.allCases {
            let shipped = ShippedTexts.of(language)
            #expect(OwnText.allCases.allSatisfy { !shipped[$0].isEmpty }, "\(language)")
            #expect(Set(OwnText.allCases.map { shipped[$0] }).count == OwnText.allCases.count, "\(language)")
            #expect(!shipped.optOutWords.isEmpty && !shipped.optInWords.isEmpty, "\(language)")
            #expect(shipped[.optedOut].contains("{word}"), "\(language)")
            let isRightToLeft = language == .hebrew || language == .arabic
            for text in OwnText.allCases {
                #expect((BidiText.mostly(shipped[text]) == .rightToLeft) == isRightToLeft, "\(language) \(text)")
            }
        }
    }

    @Test func `the documented default of AI_FALLBACK_TEXT is what ships in English`() throws {
        let reports = try Configuration(environment: [:], role: .tool).reports
        let documented = reports.first { $0.name == "AI_FALLBACK_TEXT" }?.defaultValue
        #expect(documented == ShippedTexts.of(.english)[.fallback])
        #expect(try Configuration(environment: [:], role: .tool).ai.fallbackText == nil)
    }

    @Test func `the contact's newest sure message decides, then the business's language, then English`() {
        #expect(book().language(for: ["ok", "hola, buenas", "שלום"]) == "es")
        #expect(book { $0.language = "pt-BR" }.language(for: ["ok"]) == "pt")
        #expect(book { $0.language = "fr" }.language(for: [String]()) == "fr")
        #expect(book().language(for: [String]()) == "en")
    }

    @Test func `the business's words in the language come before its common ones, the operator's and those that ship`()
    {
        let all = book("operator's") {
            $0.texts = ["he": ["fallback": "רגע"], "en": ["apology": "own sorry"]]
            $0.fallbackText = "common"
        }
        #expect(all.text(.fallback, for: ["שלום"]) == "רגע")
        #expect(all.text(.fallback, for: ["hello"]) == "common")
        #expect(all.text(.apology, for: ["hello"]) == "own sorry")
        #expect(all.text(.apology, for: ["שלום"]) == ShippedTexts.of(.hebrew)[.apology])
        #expect(book("operator's").text(.fallback, for: ["שלום"]) == "operator's")
        #expect(book().text(.fallback, for: ["hola"]) == ShippedTexts.of(.spanish)[.fallback])
        #expect(book { $0.apologyText = "common" }.text(.apology, for: ["hola"]) == "common")
    }

    @Test func `a tag with a region is found by its language, the business's own region first`() {
        let texts = ["pt": ["fallback": "plain"], "pt-BR": ["fallback": "brazil"], "pt-PT": ["apology": "portugal"]]
        #expect(book { $0.texts = texts }.text(.fallback, for: ["obrigado"]) == "plain")
        let brazil = book {
            $0.texts = texts
            $0.language = "pt-BR"
        }
        #expect(brazil.text(.fallback, for: ["obrigado"]) == "brazil")
        #expect(brazil.text(.apology, for: ["obrigado"]) == "portugal")
        #expect(
            book { $0.texts = ["en": ["fallback": ""]] }.text(.fallback, for: [])
                == ShippedTexts.of(.english)[.fallback])
    }

    @Test func `a language that ships no texts has the business's own, else English`() {
        let french = book {
            $0.texts = ["fr": ["fallback": "Un instant"]]
            $0.language = "fr"
        }
        #expect(french.text(.fallback, for: ["Привет"]) == "Un instant")
        #expect(french.text(.apology, for: ["Привет"]) == ShippedTexts.of(.english)[.apology])
    }

    @Test func `the word that brings a contact back is named in the text, isolated where it runs the other way`() {
        #expect(book().text(.optedOut, for: ["hello"]).contains("send START."))
        #expect(book().text(.optedOut, for: ["שלום"]).contains("הצטרפות."))
        let own = book { $0.optInWords = ["START"] }
        #expect(own.text(.optedOut, for: ["שלום"]).contains("\u{2068}START\u{2069}."))
    }
}
