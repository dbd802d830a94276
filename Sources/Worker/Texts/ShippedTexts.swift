import FoundationEssentials

/// What the program says in one language where neither business nor configuration has words of its own: a file of
/// `Shipped`. And the words by which a contact of that language asks for no more broadcasts, or for them again.
struct ShippedTexts: Sendable, Equatable, Decodable {
    let optOutWords: [String]
    let optInWords: [String]
    private let texts: [String: String]

    enum CodingKeys: String, CodingKey {
        case texts
        case optOutWords = "opt_out_words"
        case optInWords = "opt_in_words"
    }

    subscript(_ text: OwnText) -> String {
        guard let words = texts[text.rawValue] else { preconditionFailure("a shipped file has no \(text.rawValue)") }
        return words
    }

    static func of(_ language: Language) -> ShippedTexts {
        guard let texts = all[language] else { preconditionFailure("no texts in \(language)") }
        return texts
    }

    private static let all: [Language: ShippedTexts] = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { ($0, read(file(of: $0))) })

    private static func file(of language: Language) -> [UInt8] {
        switch language {
        case .english: PackageResources.en_json
        case .hebrew: PackageResources.he_json
        case .arabic: PackageResources.ar_json
        case .spanish: PackageResources.es_json
        case .portuguese: PackageResources.pt_json
        }
    }

    private static func read(_ file: [UInt8]) -> ShippedTexts {
        do { return try JSONDecoder().decode(ShippedTexts.self, from: Data(file)) } catch {
            preconditionFailure("a shipped file cannot be read: \(error)")
        }
    }
}
