import Native
import Shared

/// The circuits of the AI's servers in this process, one for each server and key: a key without money says nothing of
/// another one's.
@LoopActor final class AICircuits {
    private struct Entry {
        var circuit = Circuit()
        /// Why it was opened at once, as long as it is open for that.
        var fatal: String?
    }

    private var entries: [AIServer: Entry] = [:]
    private let log: Log
    private let now: @LoopActor () -> MonotonicInstant

    /// Servers remembered; past it those that are closed are forgotten.
    private static let capacity = 4096

    /// - Parameter now: a test's clock.
    init(metrics: Metrics, log: Log, now: @escaping @LoopActor () -> MonotonicInstant = { .now() }) {
        self.log = log
        self.now = now
        metrics.gauge(.circuitsOpen, [.kind: "ai"]) { [unowned self] in Double(openCount) }
        metrics.gauge(.circuitsOpen, [.kind: "ai_account"]) { [unowned self] in Double(refusedCount) }
    }

    var openCount: Int { entries.values.count { $0.circuit.isOpen } }

    /// Open because the key is wrong, or there is no money. Among those that are open.
    var refusedCount: Int { entries.values.count { $0.circuit.isOpen && $0.fatal != nil } }

    /// Asks for one request. Returns whether it is a probe; each outcome must be noted.
    ///
    /// - Parameter insists: a person asked for the call, who may have mended what was wrong.
    func ask(_ server: AIServer, insists: Bool) throws(ChatFault) -> Bool {
        var entry = entries[server] ?? Entry()
        let permission = insists ? entry.circuit.probe(at: time) : entry.circuit.ask(at: time)
        entries[server] = entry
        switch permission {
        case .call: return false
        case .probe: return true
        case .refused(let wait):
            if let fatal = entry.fatal { throw .account("\(fatal), circuit open") }
            throw .busy("circuit open", retryAfter: wait)
        }
    }

    /// - Parameter detail: why it failed, for the log.
    func note(_ outcome: Circuit.Outcome, _ detail: String, isProbe: Bool, of server: AIServer) {
        var entry = entries[server] ?? Entry()
        let change = entry.circuit.note(outcome, isProbe: isProbe, at: time)
        switch change {
        case .opened: entry.fatal = outcome == .fatal ? detail : nil
        case .closed: entry.fatal = nil
        case nil: break
        }
        if entries.count >= Self.capacity, entries[server] == nil {
            entries = entries.filter { $0.value.circuit.isOpen }
        }
        entries[server] = entry
        if let change { tell(change, outcome, detail, server) }
    }

    /// Since the machine's start.
    private var time: Duration { now() - MonotonicInstant(nanoseconds: 0) }

    private func tell(_ change: Circuit.Change, _ outcome: Circuit.Outcome, _ detail: String, _ server: AIServer) {
        switch change {
        case .opened(let wait):
            let fields: KeyValuePairs<LogKey, LogValue> = [
                .provider: "ai", .address: .text(server.origin), .reason: .text(detail), .delayMS: .milliseconds(wait),
            ]
            if outcome == .fatal {
                log.error(.circuitOpened, "The AI refuses the key or the account: someone must look", fields)
            } else {
                log.warning(.circuitOpened, "The AI does not work, it is not asked for a while", fields)
            }
        case .closed:
            log.info(.circuitClosed, "The AI works again", [.provider: "ai", .address: .text(server.origin)])
        }
    }
}
