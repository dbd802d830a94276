/// Decides when a late reply means that the server is lost. Asked at regular looks.
///
/// A server that is answering is not silent: the reply may lie here unread, because this process was busy or was
/// stopped. That is believed for a while only, or a server that sends a byte a second would never be left.
struct RedisPatience {
    private static let mostLateLooks = 20
    private var lateLooks = 0

    /// - Parameters:
    ///   - isLate: a deadline has passed.
    ///   - isAnswering: something arrived since the last look, or lies in the socket now.
    mutating func isOver(isLate: Bool, isAnswering: Bool) -> Bool {
        lateLooks = isLate ? lateLooks + 1 : 0
        return isLate && (!isAnswering || lateLooks > Self.mostLateLooks)
    }
}
