import Native

/// A send whose outcome is not known, through a gateway that keeps no ids of ours: what its list of the chat's messages
/// tells of it. Decides; `settle` asks.
enum OpenSend {
    /// One look at the newest messages of the chat.
    struct Listing: Equatable, Sendable {
        /// The gateway's id of the message, when it is among them.
        var found: String?
        /// Whether the list has any message at all. A chat of which the gateway knows nothing, though a contact wrote in
        /// it, proves nothing: it may keep no messages, or keep these under another address.
        var knowsChat: Bool
    }

    enum Verdict: Equatable, Sendable {
        case answer(LookUp)
        /// Look again after this time.
        case wait(Duration)
    }

    /// Until so long after a send was begun, a message that is not in the list may still be on its way: the gateway works
    /// on although its answer did not come in time.
    static let settleTime: Duration = .seconds(30)
    /// Between two looks.
    static let pause: Duration = .seconds(2)
    /// The gateway's clock may be behind ours by as much.
    static let clockSkew: Duration = .seconds(5)

    /// - Parameter listing: nil when the gateway could not be asked.
    static func judge(_ listing: Listing?, since: WallTime, now: WallTime) -> Verdict {
        guard let listing else { return .answer(.unreachable) }
        if let found = listing.found { return .answer(.sent(providerID: found)) }
        guard listing.knowsChat else { return .answer(.unreachable) }
        let rest = settleTime - .milliseconds(now.milliseconds - since.milliseconds)
        return rest > .zero ? .wait(min(rest, pause)) : .answer(.notSent)
    }

    /// Whether a message of that time, in whole seconds, can be the one that was sent since then.
    static func isSince(_ since: WallTime, _ at: WallTime) -> Bool {
        at.milliseconds + 1000 + Int64(clockSkew.milliseconds) > since.milliseconds
    }

    /// The same of a list's field: seconds, as a number or text.
    @LoopActor static func isSince(_ since: WallTime, _ seconds: JSONElement?) -> Bool {
        guard let seconds = seconds?.int ?? seconds?.string.flatMap(Int.init), (0..<1 << 40).contains(seconds) else {
            return false
        }
        return isSince(since, WallTime(milliseconds: Int64(seconds) * 1000))
    }

    /// Looks until the answer is certain: at most `settleTime` after `since`, and one look.
    @LoopActor static func settle(
        since: WallTime, _ look: @LoopActor () async -> Listing?
    ) async -> LookUp {
        while true {
            switch judge(await look(), since: since, now: .now()) {
            case .answer(let answer): return answer
            case .wait(let pause):
                do { try await LoopActor.loop.sleep(for: pause) } catch { return .unreachable }
            }
        }
    }
}
