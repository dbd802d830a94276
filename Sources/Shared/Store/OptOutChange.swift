/// That a contact wants no more broadcasts, or wants them again. Codable, so that it can wait in a queue until Postgres is
/// back.
package struct OptOutChange: Sendable, Equatable, Codable {
    package var business: String
    /// `InboundMessage.contact`: the phone in digits where known, else the address received.
    package var contact: String
    /// Whether the contact opts out.
    package var isOut: Bool
    /// What the contact wrote; nil: an operator did it.
    package var word: String?
    /// When it was accepted, ms since 1970.
    package var atMS: Int64

    package init(business: String, contact: String, isOut: Bool, word: String?, atMS: Int64) {
        self.business = business
        self.contact = contact
        self.isOut = isOut
        self.word = word
        self.atMS = atMS
    }

    enum CodingKeys: String, CodingKey {
        case business, contact, word
        case isOut = "is_out"
        case atMS = "at_ms"
    }
}
