import Native

/// A send whose outcome is not known, through a provider that keeps no ids of ours: what its list of the chat's messages
/// tells of it. Decides; `settle` asks.
enum OpenSend {
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
    /// The provider's clock may be behind ours by as much.
    static let clockSkew: Duration = .seconds(5)

    /// Where it cannot be told whether the message went out, the answer is `.unreachable`, as if nobody had been asked:
    /// then nobody sends again, and the message is not taken for delivered.
    ///
    /// - Parameters:
    ///   - listing: nil when the gateway could not be asked.
    ///   - settleTime: how long a message may take until it is in the list.
    static func judge(
        _ listing: Listing?, since: WallTime, now: WallTime, settleTime: Duration = settleTime
    ) -> Verdict {
        guard let listing else { return .answer(.unreachable) }
        if let found = listing.found { return .answer(.sent(providerID: found)) }
        if listing.fitting.count == 1 {
            let one = listing.fitting[0]
            return .answer(one.hasFailed ? .notSent : .sent(providerID: one.id))
        }
        guard listing.knowsChat, listing.fitting.isEmpty else { return .answer(.unreachable) }
        let rest = settleTime - .milliseconds(now.milliseconds - since.milliseconds)
        if rest > .zero { return .wait(min(rest, pause)) }
        return .answer(listing.reachesBack && !listing.isUnclear ? .notSent : .unreachable)
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
