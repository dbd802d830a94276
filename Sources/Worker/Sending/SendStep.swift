import Native
import Shared

/// The recorded state of one outgoing text: field `send.<kind>.<part>` of a job's checkpoint.
struct SendStep: Equatable, Sendable {
    enum State: String, Sendable {
        /// Begun; the outcome is open. Ask the provider before anything else is sent. With a `providerID`: the provider took
        /// it, and WhatsApp's server has not acknowledged it.
        case sending
        case sent
        /// Surely not sent, by anybody.
        case refused
    }

    var state: State
    var provider: ProviderName
    /// When the first send through `provider` began.
    var since: WallTime
    var providerID: String?
    var attempts = 0
    var isUnconfirmed = false
    var took: Duration = .zero
    /// When a provider had taken it.
    var sentAt: WallTime?
    /// Who took it before, and WhatsApp's server refused it or never acknowledged it: nobody sends through that one again.
    var passed: ProviderName?

    static func name(_ kind: MessageKind, part: Int) -> String { "\(prefix)\(kind.rawValue).\(part)" }

    static let prefix = "send."

    var text: String {
        var json = JSONWriter(reserving: 128)
        json.beginObject()
        json.field("state", state.rawValue)
        json.field("provider", provider.rawValue)
        json.field("since", Int(since.milliseconds))
        json.field("id", ifPresent: providerID)
        json.field("attempts", attempts)
        json.field("unconfirmed", isUnconfirmed)
        json.field("ms", took.milliseconds)
        if let sentAt { json.field("sent_at", Int(sentAt.milliseconds)) }
        json.field("passed", ifPresent: passed?.rawValue)
        json.endObject()
        return json.text
    }
}

extension Checkpoint {
    /// Whether a text of an earlier attempt is out, or may be: then the job goes on, and finds its record.
    var hasBegunToSend: Bool { recorded.keys.contains { $0.hasPrefix(SendStep.prefix) } }
}

extension SendStep {
    /// nil when the text is not one that `text` made.
    @LoopActor init?(_ text: String) {
        let read = try? JSON.read(Array(text.utf8)) { json -> SendStep? in
            guard let state = json["state"]?.string.flatMap(State.init(rawValue:)),
                let provider = json["provider"]?.string.flatMap(ProviderName.init(rawValue:)),
                let since = json["since"]?.int
            else { return nil }
            return SendStep(
                state: state, provider: provider, since: WallTime(milliseconds: Int64(since)),
                providerID: json["id"]?.string, attempts: json["attempts"]?.int ?? 0,
                isUnconfirmed: json["unconfirmed"]?.bool ?? false, took: .milliseconds(json["ms"]?.int ?? 0),
                sentAt: json["sent_at"]?.int.map { WallTime(milliseconds: Int64($0)) },
                passed: json["passed"]?.string.flatMap(ProviderName.init(rawValue:)))
        }
        guard let step = read ?? nil else { return nil }
        self = step
    }
}
