@testable import Native
@testable import Shared

/// A step that a worker makes in Redis for a conversation that it has leased, in words: "send.fallback.0 sending", "ack".
struct RecordedStep: Equatable, Sendable {
    /// `lane|tenant|conversation`
    let group: String
    let label: String

    /// What ends a lease or says what was done under it.
    static let scripts = [
        QueueScripts.standard.checkpoint, QueueScripts.standard.speak, QueueScripts.standard.ack,
        QueueScripts.standard.retryLater,
        QueueScripts.standard.release, QueueScripts.standard.failToDead, QueueScripts.standard.merge,
    ]

    /// What changes nothing of a job: a worker that dies at one of them leaves what it left before.
    private static let others = [
        QueueScripts.standard.heartbeat, QueueScripts.standard.held, QueueScripts.standard.waiting,
        QueueScripts.standard.admit, QueueScripts.standard.hasSaid,
    ].map(\.sha1)

    private static let names = Dictionary(uniqueKeysWithValues: scripts.map { ($0.sha1, $0.name) })

    /// nil: the request is none for a message's conversation, or changes nothing of it.
    ///
    /// - Parameter request: `EVALSHA sha 1 prefix group token …`.
    init?(_ request: [String]) {
        guard request.count > 5, request[0].hasPrefix("EVAL"), request[4].hasPrefix("default|"),
            !Self.others.contains(request[1])
        else { return nil }
        group = request[4]
        switch Self.names[request[1]] {
        case "checkpoint"?: label = Self.label(of: request[7...])
        // Behind the job there are three words on the text.
        case "speak"?: label = Self.label(of: request[10...])
        case let name: label = name ?? "unknown script"
        }
    }

    /// - Parameter steps: names and values in turn.
    private static func label(of steps: ArraySlice<String>) -> String {
        stride(from: steps.startIndex, to: steps.endIndex - 1, by: 2)
            .map { label(steps[$0], steps[$0 + 1]) }.joined(separator: " + ")
    }

    private static func label(_ step: String, _ value: String) -> String {
        guard step.hasPrefix("send."), let state = value.firstRange(of: #""state":""#)?.upperBound else { return step }
        return step + " " + value[state...].prefix { $0 != "\"" }
    }
}
