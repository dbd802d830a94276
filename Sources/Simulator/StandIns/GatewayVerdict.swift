/// How a gateway's send ended.
enum GatewayVerdict: Sendable {
    case sent
    /// Surely not sent; the id is as if never seen.
    case cannotSend
    /// WhatsApp refused the message: the same id is refused again.
    case refused
    /// WhatsApp did not answer: it may be out, and the same id is not sent again.
    case unanswered
}
