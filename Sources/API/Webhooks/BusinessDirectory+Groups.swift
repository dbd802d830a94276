import Shared

extension BusinessDirectory {
    /// Ignores a group's message that its business does not want. While the businesses are not known it is let through:
    /// the worker judges it, once it can read them.
    func judge(_ event: InboundEvent) -> InboundEvent {
        guard isLoaded, case .message(let message) = event, message.address.isGroup,
            !GroupPolicy.admits(message, index[message.tenant]?.groups)
        else { return event }
        return .ignored(.group)
    }
}
