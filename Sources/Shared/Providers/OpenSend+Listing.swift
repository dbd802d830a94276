import Native

extension OpenSend {
    /// What one look at the newest messages of a chat tells of a send: begins empty, and is given each message.
    ///
    /// A list tells times in whole seconds, by another clock, and may have the same words twice. So a message is the send
    /// only where nothing else can be meant: alone with its words since the send began, give or take a second. One a
    /// little older may be the send by a slow clock or an earlier one; it proves neither that the send arrived nor that
    /// it did not.
    struct Listing: Equatable, Sendable {
        let since: WallTime
        /// The send itself, under an id of ours.
        private(set) var found: String?
        /// Messages with its words since it began: the provider's ids, and whether the provider failed to deliver it.
        private(set) var fitting: [Fitting] = []
        /// Whether one with its words may be the send or another.
        private(set) var isUnclear = false
        /// Whether the list has any message at all. A chat of which the gateway knows nothing, though a contact wrote in
        /// it, proves nothing: it may keep no messages, or keep these under another address.
        var knowsChat = false
        /// Whether every message since the send began stands in the list. If not, what is not in it may have been sent.
        private(set) var reachesBack = false

        struct Fitting: Equatable, Sendable {
            let id: String
            let hasFailed: Bool
        }

        init(since: WallTime) { self.since = since }

        /// Ours by its id, whatever else it says.
        mutating func addOurs(_ id: String) { found = id }

        /// One with the send's words. `at`: when the provider says that it was sent; nil when it says nothing.
        mutating func addSame(_ id: String?, at: WallTime?, hasFailed: Bool = false) {
            guard let id, let at else {
                isUnclear = true
                return
            }
            if isWithin(.seconds(1), at) {
                fitting.append(Fitting(id: id, hasFailed: hasFailed))
            } else if isWithin(clockSkew, at) {
                isUnclear = true
            }
        }

        /// One with the send's words that may as well be another's, whatever its time since then.
        mutating func addDoubtful(at: WallTime?) {
            if at.map({ isWithin(clockSkew, $0) }) ?? true { isUnclear = true }
        }

        /// To be called once all have been added.
        ///
        /// - Parameters:
        ///   - count: how many the list has.
        ///   - limit: how many were asked for, the newest.
        ///   - oldest: the time of the oldest, where it is told.
        mutating func close(count: Int, limit: Int, oldest: WallTime?) {
            reachesBack = count < limit || oldest.map { !isWithin(clockSkew, $0) } ?? false
        }

        /// Whether a message of that time, in whole seconds, was sent since the send began, by a clock that is behind ours
        /// by no more than `skew`.
        private func isWithin(_ skew: Duration, _ at: WallTime) -> Bool {
            at.milliseconds + 1000 + Int64(skew.milliseconds) > since.milliseconds
        }
    }

    /// A list's field: seconds, as a number or text. nil when it is no time.
    @LoopActor static func time(_ seconds: JSONElement?) -> WallTime? {
        guard let seconds = seconds?.int ?? seconds?.string.flatMap(Int.init), (0..<1 << 40).contains(seconds) else {
            return nil
        }
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }
}
