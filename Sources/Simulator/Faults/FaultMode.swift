/// How a stand-in fails.
enum FaultMode: String, Sendable, CaseIterable {
    /// It does not.
    case ok
    /// Takes the call, does nothing and never answers.
    case hang
    /// Answers 500 and does nothing.
    case error
    /// Answers 429 with Retry-After and does nothing.
    case rateLimited = "rate_limited"
    /// Closes the connection without an answer, and does nothing.
    case close
    /// The gateway is connected and cannot send: its status says so, a send gets 409. An Evolution instance is closed, a
    /// WAHA session stopped.
    case cannotSend = "cannot_send"
    /// A provider refuses the message for good; the AI refuses the key.
    case rejected
    /// WhatsApp does not answer the gateway: a send gets 504, and its id stays `sending`. An Evolution instance answers as ever,
    /// and nothing goes out.
    case unanswered
    /// Delivers, and never answers.
    case deliverThenHang = "deliver_then_hang"
    /// Delivers, and closes the connection without an answer.
    case deliverThenClose = "deliver_then_close"
    /// Delivers, and answers 200 with what cannot be read.
    case deliverThenGarble = "deliver_then_garble"
    /// Delivers, and starts anew before it answers, without a memory of what it sent.
    case deliverThenForget = "deliver_then_forget"
    /// The AI answers with no text.
    case empty

    func isKnown(to service: Service) -> Bool {
        switch self {
        case .ok, .hang, .error, .close, .rateLimited, .rejected: true
        case .cannotSend: service == .gateway || service == .evolution || service == .waha
        case .unanswered: service == .gateway || service == .evolution
        case .deliverThenForget: service == .gateway
        case .deliverThenHang, .deliverThenClose, .deliverThenGarble: service != .ai
        case .empty: service == .ai
        }
    }

    static func names(of service: Service) -> String {
        allCases.filter { $0.isKnown(to: service) }.map(\.rawValue).joined(separator: ", ")
    }
}
