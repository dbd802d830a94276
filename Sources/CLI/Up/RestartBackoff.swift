/// How long to wait before a part that ended by itself is started again. A plain value.
struct RestartBackoff: Equatable {
    static let shortest = Duration.milliseconds(500)
    static let longest = Duration.seconds(30)
    /// A part that ran this long had no trouble starting: its next end counts as the first.
    static let steadyAfter = Duration.seconds(60)

    private var next = shortest

    /// - Parameter ran: how long the part ran before it ended.
    /// - Returns: 0.5 s, doubling with each short run up to 30 s.
    mutating func ended(afterRunning ran: Duration) -> Duration {
        if ran >= Self.steadyAfter { next = Self.shortest }
        defer { next = min(next * 2, Self.longest) }
        return next
    }
}
