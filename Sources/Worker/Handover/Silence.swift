import Shared

/// Why a message is stored and not answered.
enum Silence: Equatable, Sendable {
    /// A person has the conversation, or it was stopped.
    case taken(Handover)
    case tooMany
    /// The contact sends our own texts back.
    case echo

    /// For the log.
    var reason: String {
        switch self {
        case .taken(let handover): "taken over: \(handover.cause.rawValue)"
        case .tooMany: "too many replies a minute"
        case .echo: "our own texts come back"
        }
    }
}
