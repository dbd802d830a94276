/// Messages of one conversation that are to show as read, and that an answer is under way.
package struct ReadMark: Sendable {
    package let business: Business
    /// Never empty; all of one provider and chat, oldest first.
    package let messages: [InboundMessage]

    package init(business: Business, messages: [InboundMessage]) {
        precondition(!messages.isEmpty, "a mark is for a message")
        self.business = business
        self.messages = messages
    }

    var last: InboundMessage { messages[messages.count - 1] }

    /// Of a group: whose messages they are. Marks of several authors are for the last one's.
    var participant: String? { last.author?.address?.rawValue }
}
