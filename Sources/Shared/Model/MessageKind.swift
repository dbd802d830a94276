/// What a message is, as the column `messages.kind` names it.
package enum MessageKind: String, Sendable, Codable, CaseIterable {
    // Inbound
    case text, image, audio, video, document, sticker, location, contact, other
    // Outbound, beside text
    case fallback
    case followUp = "follow_up"
    case apology
}
