/// The events of Evolution API, by the name its by-events paths have: `messages-upsert` for `messages.upsert`.
///
/// Source: `EventController.events` and the enum `Events` of EvolutionAPI/evolution-api.
package enum EvolutionEvent {
    package static let messagesUpsert = "messages-upsert"
    package static let messagesUpdate = "messages-update"
    package static let messagesEdited = "messages-edited"
    package static let messagesDelete = "messages-delete"
    package static let sendMessage = "send-message"
    package static let sendMessageUpdate = "send-message-update"

    /// Every event that there is.
    package static let names: Set<String> = [
        messagesUpsert, messagesUpdate, messagesEdited, messagesDelete, sendMessage, sendMessageUpdate,
        "application-startup", "call", "chats-delete", "chats-set", "chats-update", "chats-upsert",
        "connection-update", "contacts-set", "contacts-update", "contacts-upsert", "creds-update",
        "group-participants-update", "group-update", "groups-update", "groups-upsert", "instance-create",
        "instance-delete", "labels-association", "labels-edit", "logout-instance", "messages-set",
        "messaging-history-set", "presence-update", "qrcode-updated", "remove-instance", "status-instance",
        "typebot-change-status", "typebot-start",
    ]

    /// `messages.upsert`, as bodies name it, and `MESSAGES_UPSERT`, as settings do, become `messages-upsert`.
    package static func pathName(_ name: String) -> String {
        String(name.lowercased().map { $0 == "." || $0 == "_" ? "-" : $0 })
    }
}
