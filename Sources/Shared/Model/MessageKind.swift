/// What a message is, as the column `messages.kind` names it.
package enum MessageKind: String, Sendable, Codable, CaseIterable {
    // Inbound
    case text, image, audio, video, document, sticker, location, contact, other
    // Outbound, beside text
    case fallback
    case followUp = "follow_up"
    case apology
    /// Confirms that the contact gets no more broadcasts.
    case optOut = "opt_out"
    /// Confirms that the contact gets them again.
    case optIn = "opt_in"
    /// A part of a broadcast.
    case broadcast
    /// What a person wrote under the business's number, and not this program.
    case person
}
