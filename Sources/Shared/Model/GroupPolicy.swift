/// Which messages of groups a business wants answered: `settings.groups`.
///
/// The API judges by it what it knows, so that a busy group costs no job. The worker judges again by the business's
/// present settings, which an API that cannot reach Postgres may not have.
package enum GroupPolicy {
    /// - Parameter setting: nil: none are wanted.
    package static func admits(_ message: InboundMessage, _ setting: BusinessSettings.Groups?) -> Bool {
        guard message.address.isGroup else { return true }
        switch setting ?? .ignore {
        case .ignore: return false
        case .mention: return message.author?.isToUs ?? false
        case .all: return true
        }
    }

    /// Whether a message is meant for us: it mentions us, or quotes a message that we wrote.
    ///
    /// - Parameter own: our phone's address and our `@lid`, as far as the sender tells them. Without any, nothing is.
    package static func isToUs(
        mentioned: [ContactAddress], quotedAuthor: ContactAddress?, own: [ContactAddress]
    ) -> Bool {
        let ours = Set(own.map(identity))
        return (mentioned + [quotedAuthor].compactMap { $0 }).contains { ours.contains(identity($0)) }
    }

    /// One person's phone is written in several ways.
    private static func identity(_ address: ContactAddress) -> String { address.phone ?? address.rawValue }
}
