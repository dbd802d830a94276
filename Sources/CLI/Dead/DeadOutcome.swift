import Native
import Shared

/// What became of one dead job that was to be replayed or discarded.
struct DeadOutcome: Equatable {
    enum Kind: Equatable {
        case replayed
        /// Somebody did it before; there is nothing left to do.
        case replayedBefore
        /// There was no room. It stays dead.
        case full(EnqueueResult.Bound)
        /// The queue has it still. It stays dead, until it is answered or dies again.
        case standing
        case discarded
        case unknown
        /// It died again, or was discarded, while we were at it.
        case changed
        /// `isOutage`: the next one would fail too.
        case failed(String, isOutage: Bool)
    }

    let id: String
    let kind: Kind

    var isFailure: Bool {
        switch kind {
        case .replayed, .replayedBefore, .discarded: false
        case .full, .standing, .unknown, .changed, .failed: true
        }
    }

    var isOutage: Bool { if case .failed(_, true) = kind { true } else { false } }

    /// For scripts.
    var code: String {
        switch kind {
        case .replayed: "replayed"
        case .replayedBefore: "replayed_before"
        case .full: "full"
        case .standing: "standing"
        case .discarded: "discarded"
        case .unknown: "unknown"
        case .changed: "changed"
        case .failed: "failed"
        }
    }

    /// Why it is not as asked for; nil when it is.
    var reason: String? {
        switch kind {
        case .replayed, .discarded: nil
        case .replayedBefore: "it was replayed before"
        case .full(.lane): "its queue is full; it stays dead"
        case .full(.tenant): "its business has as many jobs in the queue as it may have; it stays dead"
        case .full(.memory): "Redis is nearly full; it stays dead"
        case .full(.group): "its conversation has as many jobs in the queue as it may have; it stays dead"
        case .standing: "the queue has it still: it is being buried, or runs again. Try again in a minute"
        case .unknown: "there is no such dead job"
        case .changed: "it changed meanwhile; look at it again"
        case .failed(let reason, _): reason
        }
    }

    var line: String {
        let word =
            kind == .replayed ? "Replayed" : kind == .discarded ? "Discarded" : isFailure ? "Failed" : "Passed over"
        return "\(word) \(Shown.line(id))" + (reason.map { ": \(Shown.line($0))" } ?? "")
    }
}
