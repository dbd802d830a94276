import Shared

extension KnownBusinesses {
    /// Ignores a group's message that its business does not want. For a business that is not known it is let through: the
    /// worker judges it, once it can read the business's settings.
    func judge(_ event: InboundEvent) -> InboundEvent {
        guard case .message(let message) = event, message.address.isGroup, let settings = index[message.tenant],
            !GroupPolicy.admits(message, settings.groups)
        else { return event }
        return .ignored(.group)
    }
}
