import Foundation
import TestSupport

/// Where workers are to die: between them and Redis, it lets nothing of a worker through from a step on.
///
/// One for all workers of a test, whichever of them works on a conversation.
final class StepGate: @unchecked Sendable {
    struct Stop: Sendable {
        /// Of the conversation's steps, from 0.
        let step: Int
        /// Whether Redis still gets it: then it is recorded, and the worker never hears of that.
        let isRecorded: Bool
    }

    /// Guards what follows.
    private let lock = NSLock()
    /// By conversation.
    private let stops: [String: Stop]
    private var seen: [String: [String]] = [:]
    private var workers: Set<Int> = []

    init(_ stops: [String: Stop]) { self.stops = stops }

    /// Workers that stand at their stop.
    var standing: Set<Int> { lock.withLock { workers } }

    /// The steps of a conversation as far as its stop.
    func steps(of conversation: String) -> [String] { lock.withLock { seen[conversation] ?? [] } }

    /// What judges one connection of a worker.
    func watch(_ worker: Int) -> any ProxyWatch { Connection(gate: self, worker: worker) }

    private func judge(_ step: RecordedStep) -> ProxyVerdict {
        lock.withLock {
            guard let (conversation, stop) = stops.first(where: { step.group.contains($0.key) }) else { return .pass }
            // Somebody has taken over.
            if seen[conversation]?.count ?? 0 > stop.step { return .pass }
            seen[conversation, default: []].append(step.label)
            guard seen[conversation]?.count == stop.step + 1 else { return .pass }
            return stop.isRecorded ? .passUnanswered : .stop
        }
    }

    private func stands(_ worker: Int) { lock.withLock { _ = workers.insert(worker) } }

    private final class Connection: ProxyWatch, @unchecked Sendable {
        private let gate: StepGate
        private let worker: Int
        /// Used by the thread that passes requests on, and by no other.
        private var reader = RedisRequestReader()

        init(gate: StepGate, worker: Int) {
            self.gate = gate
            self.worker = worker
        }

        func judge(_ bytes: [UInt8]) -> ProxyVerdict {
            for request in reader.take(bytes) {
                guard let step = RecordedStep(request) else { continue }
                let verdict = gate.judge(step)
                if verdict == .stop { gate.stands(worker) }
                if verdict != .pass { return verdict }
            }
            return .pass
        }

        func droppedReply() { gate.stands(worker) }
    }
}
