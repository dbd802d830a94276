import Shared

/// Decides, step by step, which provider sends a message next. No clock, no wait, no provider.
///
/// The one rule above all: after an outcome that is not known, nobody else sends before the provider was asked.
struct Failover: Sendable {
    enum Step: Equatable, Sendable {
        case send(ProviderName)
        /// Ask what became of the send, then call `lookedUp`.
        case lookUp(ProviderName)
        /// Taken. Ask whether WhatsApp's server has it, then call `acknowledged`.
        case acknowledge(ProviderName, providerID: String)
        case delivered(ProviderName, providerID: String)
        /// Nobody could send now. Attempts of the job count.
        case retryLater(after: Duration?, reason: String)
        /// A send that was begun earlier has not ended. Ask again when it has.
        case stillSending(ProviderName)
        /// Nobody will ever be able to.
        case giveUp(code: String)
    }

    struct Candidate: Equatable, Sendable {
        let name: ProviderName
        /// Sends tried when the time limit runs out.
        let attempts: Int
        /// Whether a repeated id is sent once only, so that going on elsewhere and coming back cannot double.
        let keepsIDs: Bool
        /// Whether a send is taken before WhatsApp's server has it.
        var acknowledgesLater = false
    }

    /// Sends so far, over all providers.
    private(set) var attempts = 0
    /// Whether a provider was passed over that could neither be asked nor refused: the contact may get it twice.
    private(set) var isUnconfirmed = false
    /// Providers that did not deliver, with why, in order.
    private(set) var failures: [(provider: ProviderName, code: String)] = []

    /// A send that its provider took, and that WhatsApp's server did not acknowledge in time: somebody else sends, and nobody
    /// through that provider again.
    private(set) var unacknowledged: (provider: ProviderName, providerID: String)?

    /// Whether a send through the present provider is still under way as far as is known: nothing else may send.
    private(set) var isOpen = false
    /// Whether the present provider has not been sent to yet.
    var isFirstSend: Bool { sendsThroughCurrent == 0 }
    /// Whether nobody was sent to, and somebody would have been if he worked: no attempt of the job's.
    var isOutage: Bool { attempts == 0 && failures.contains { $0.code == Self.circuitIsOpen } }

    static let circuitIsOpen = "circuit_open"
    /// Whether the message comes back only because it would have been too fast.
    private(set) var isPaced = false

    /// Whether a limit that passes in a moment is waited for, in place of going on to another provider's number.
    private let isPatient: Bool
    /// A moment.
    private static let longestPause: Duration = .seconds(10)

    private var untried: ArraySlice<Candidate>
    private var current: Candidate?
    private var sendsThroughCurrent = 0
    private var lastUnknown = ""
    /// Whether a send through the present provider may have been made.
    private var isUnsure = false
    /// Why the repeat of such a send was refused: it decides once that send is known not to have been made.
    private var refusalOfRepeat: SendRefusal?
    /// Whether the same id was sent again to a provider that had forgotten it.
    private var hasReminded = false
    /// Whether the present provider's send was begun by a worker that died.
    private var isTakenOver = false
    private var shortestWait: Duration?
    private var mayPass = false
    private var lastCode = "no_provider"

    /// - Parameters:
    ///   - candidates: in order of preference, without those that cannot reach the contact.
    ///   - isPatient: whether a limit that passes in a moment is waited for.
    init(_ candidates: [Candidate], isPatient: Bool = false) {
        untried = candidates[...]
        self.isPatient = isPatient
    }

    mutating func start() -> Step { next() }

    /// Begins, in place of `start`, after a crash or a wait: a send through `provider` was begun and its outcome not recorded.
    ///
    /// - Parameter providerID: under which the provider took it, as far as that is recorded.
    mutating func resume(at provider: ProviderName, taken providerID: String? = nil) -> Step {
        precondition(current == nil, "a send that was begun is looked at first")
        guard let place = untried.firstIndex(where: { $0.name == provider }) else {
            // It cannot be asked any more, and was not refused.
            if let providerID { return .delivered(provider, providerID: providerID) }
            // The business does not have it any more, so it cannot be asked.
            isUnconfirmed = true
            return next()
        }
        current = untried[place]
        untried.remove(at: place)
        if let current, let providerID { return taken(by: current, providerID) }
        isTakenOver = true
        // No further timeout is waited for: the answer is in the look-up.
        sendsThroughCurrent = current?.attempts ?? 1
        lastUnknown = "taken over"
        return .lookUp(provider)
    }

    /// The provider is not asked for now, because it does not work. It cost no attempt.
    mutating func circuitOpen(for wait: Duration) -> Step {
        guard let current else { return next() }
        mayPass = true
        heed(wait)
        return fail(current, Self.circuitIsOpen)
    }

    /// The provider is not asked for now, because it was too fast a moment ago. It cost no attempt.
    mutating func paced(for wait: Duration) -> Step {
        guard let current else { return next() }
        return refused(.tooFast(retryAfter: wait, of: .number), by: current)
    }

    /// In place of another send after a timeout: the provider's circuit has opened meanwhile.
    mutating func leaveRepeat() -> Step {
        guard let current else { return next() }
        return .lookUp(current.name)
    }

    /// The provider said beforehand that it cannot send. It cost no attempt.
    mutating func cannotSend() -> Step {
        guard let current else { return next() }
        mayPass = true
        return fail(current, "cannot_send")
    }

    mutating func sent(_ outcome: SendOutcome) -> Step {
        guard let current else { return next() }
        attempts += 1
        sendsThroughCurrent += 1
        switch outcome {
        case .sent(let providerID): return taken(by: current, providerID)
        case .unknown(let detail, let isTimeout):
            lastUnknown = detail
            isUnsure = true
            return isTimeout && sendsThroughCurrent < current.attempts ? .send(current.name) : .lookUp(current.name)
        case .refused(let refusal) where isUnsure:
            refusalOfRepeat = refusal
            switch refusal {
            case .rateLimited(let wait), .tooFast(let wait, _): heed(wait)
            default: break
            }
            return .lookUp(current.name)
        case .refused(let refusal): return refused(refusal, by: current)
        }
    }

    /// - Parameter isOverdue: the send was begun so long ago that an answer is no longer waited for.
    mutating func lookedUp(_ answer: LookUp, isOverdue: Bool = false) -> Step {
        guard let current else { return next() }
        switch answer {
        case .sent(let providerID): return taken(by: current, providerID)
        case .sending where isOverdue && current.keepsIDs && !untried.isEmpty && codeOfContact == nil:
            // It may go out yet, and then the contact has it twice: better than never.
            mayPass = true
            isUnconfirmed = true
            return fail(current, "not_acknowledged")
        case .sending:
            isOpen = true
            return .stillSending(current.name)
        case .forgotten where current.keepsIDs && !hasReminded && refusalOfRepeat == nil:
            // The same id once more: a phone that has it shows it once, and another provider's would be a second text.
            hasReminded = true
            isUnsure = true
            isTakenOver = false
            return .send(current.name)
        case .notSent where isTakenOver:
            // It died before it sent. The same provider sends the same id.
            isTakenOver = false
            sendsThroughCurrent = 0
            return .send(current.name)
        case .notSent:
            if let refusalOfRepeat { return refused(refusalOfRepeat, by: current) }
            mayPass = true
            return fail(current, lastUnknown)
        case .unreachable where codeOfContact != nil, .forgotten where codeOfContact != nil:
            // Nobody else would reach him, whatever became of the send.
            return giveUp(codeOfContact ?? lastUnknown)
        case .unreachable where untried.isEmpty || !current.keepsIDs,
            .forgotten where untried.isEmpty || !current.keepsIDs:
            // Nobody else is left to go on with, or coming back could double: the question stays open.
            isOpen = true
            return .retryLater(after: nil, reason: "\(current.name.rawValue) cannot be asked")
        case .unreachable, .forgotten:
            mayPass = true
            isUnconfirmed = true
            return fail(current, lastUnknown)
        }
    }

    private func taken(by provider: Candidate, _ providerID: String) -> Step {
        provider.acknowledgesLater
            ? .acknowledge(provider.name, providerID: providerID) : .delivered(provider.name, providerID: providerID)
    }

    /// - Parameters:
    ///   - state: of the send that the provider took.
    ///   - isOverdue: it was begun so long ago that an acknowledgement is no longer waited for.
    mutating func acknowledged(_ state: SentState, of providerID: String, isOverdue: Bool) -> Step {
        guard let current else { return next() }
        switch state {
        // WhatsApp's server refused it.
        case .told(.failed, let error, _): return fail(current, error ?? "refused")
        // Nobody will know more: as the provider took it, it counts as sent.
        case .told, .untold: return .delivered(current.name, providerID: providerID)
        case .pending where isOverdue && !untried.isEmpty:
            // It may go out yet, and then the contact has it twice: better than never.
            unacknowledged = (current.name, providerID)
            isUnconfirmed = true
            return fail(current, "not_acknowledged")
        case .pending where isOverdue, .unreachable where isOverdue, .rateLimited where isOverdue:
            return .delivered(current.name, providerID: providerID)
        case .pending, .unreachable, .rateLimited:
            isOpen = true
            return .stillSending(current.name)
        }
    }

    /// Nobody else will ever take it. Where somebody did who was passed over, that is how it went out.
    private func giveUp(_ code: String) -> Step {
        unacknowledged.map { .delivered($0.provider, providerID: $0.providerID) } ?? .giveUp(code: code)
    }

    /// The contact's fault, where the repeat of a send that may have been made was refused for one.
    private var codeOfContact: String? {
        if case .contact(let code) = refusalOfRepeat { code } else { nil }
    }

    private mutating func refused(_ refusal: SendRefusal, by provider: Candidate) -> Step {
        switch refusal {
        case .contact(let code):
            // A second provider would reach the same person by the same number.
            return giveUp(code)
        case .rateLimited(let wait):
            heed(wait)
            mayPass = true
        case .tooFast(let wait, _):
            heed(wait)
            mayPass = true
            if isPatient, wait <= Self.longestPause {
                isPaced = true
                return .retryLater(after: wait, reason: refusal.code)
            }
        case .providerDown, .unable, .channel: mayPass = true
        case .message: break
        }
        return fail(provider, refusal.code)
    }

    /// The message comes back when the first of them may be tried again.
    private mutating func heed(_ wait: Duration) { shortestWait = min(shortestWait ?? wait, wait) }

    private mutating func fail(_ provider: Candidate, _ code: String) -> Step {
        failures.append((provider.name, code))
        lastCode = code
        return next()
    }

    private mutating func next() -> Step {
        sendsThroughCurrent = 0
        isTakenOver = false
        isUnsure = false
        hasReminded = false
        refusalOfRepeat = nil
        current = untried.popFirst()
        if let current { return .send(current.name) }
        return mayPass ? .retryLater(after: shortestWait, reason: lastCode) : giveUp(lastCode)
    }
}
