import Shared

extension KnownBusinesses {
    /// Ignores a group's message that its business does not want. For a business that is not known it is let through: the
    /// worker judges it, once it can read the business's settings.
    func judge(_ event: InboundEvent) -> InboundEvent {
        // Asked of every message: nothing of the others is copied.
        guard event.isGroupMessage else { return event }
        if case .ownMessage(let own) = event, let settings = index[own.tenant],
            settings.groups ?? .ignore == .ignore
        {
            return .ignored(.own)
        }
        guard case .message(let message) = event, let settings = index[message.tenant],
            !GroupPolicy.admits(message, settings.groups)
        else { return event }
        return .ignored(.group)
    }
}

extension InboundEvent {
    fileprivate var isGroupMessage: Bool {
        switch self {
        case .message(let message), .ownMessage(let message): message.address.isGroup
        case .receipt, .ignored, .rejected: false
        }
    }
}
