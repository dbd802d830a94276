import Shared

extension KnownBusinesses {
    /// Ignores a group's message that its business does not want. For a business that is not known it is let through: the
    /// worker judges it, once it can read the business's settings.
    func judge(_ event: InboundEvent) -> InboundEvent {
        // Asked of every message: nothing of the others is copied.
        guard event.isGroupMessage, case .message(let message) = event, let settings = index[message.tenant],
            !GroupPolicy.admits(message, settings.groups)
        else { return event }
        return .ignored(.group)
    }
}

extension InboundEvent {
    fileprivate var isGroupMessage: Bool {
        if case .message(let message) = self { message.address.isGroup } else { false }
    }
}
