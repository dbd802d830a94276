import Shared

/// What a message says of broadcasts, when the whole of it is one of the words for that.
enum OptOutWish: Equatable, Sendable {
    case out
    /// It means something only from a contact who has opted out.
    case back

    /// nil: an ordinary message. A group is not one contact, and what stands below a picture is no word.
    init?(_ message: InboundMessage, _ settings: BusinessSettings) {
        guard !message.address.isGroup, message.kind == .text, let text = message.text else { return nil }
        self.init(text, settings)
    }

    /// The words of all languages count, whatever the contact wrote before.
    init?(_ text: String, _ settings: BusinessSettings) {
        guard text.utf8.count <= Self.longest else { return nil }
        let said = FoldedText.fold(text)
        if said.isEmpty { return nil }
        if Self.folded(settings.optOutWords, Self.shippedOut).contains(said) {
            self = .out
        } else if Self.folded(settings.optInWords, Self.shippedIn).contains(said) {
            self = .back
        } else {
            return nil
        }
    }

    /// Bytes. No word is as long.
    private static let longest = 256

    private static func folded(_ own: [String]?, _ shipped: Set<String>) -> Set<String> {
        own.map { Set($0.map(FoldedText.fold)) } ?? shipped
    }

    private static let shippedOut = Set(
        Language.allCases.flatMap { ShippedTexts.of($0).optOutWords }.map(FoldedText.fold))
    private static let shippedIn = Set(
        Language.allCases.flatMap { ShippedTexts.of($0).optInWords }.map(FoldedText.fold))
}
