import Native

/// Why a step of the queue was not made, sorted by what the caller should do.
package enum QueueError: Error, Equatable, Sendable {
    /// Surely not made. Try again later.
    case unavailable(String)
    /// Perhaps made. Any step may be repeated as it was: if it was made, the repeat changes nothing.
    case unknownOutcome(String)
    /// Redis is at its memory limit; nothing was changed. Only enqueue meets this.
    case memoryFull
    /// Somebody else holds the group now, or nobody, or this step was made before. Nothing was changed. Stop working.
    case leaseLost
    /// The call or the store is not as it must be; repeating does not help.
    case rejected(String)

    package init(_ error: RedisError) {
        switch error {
        case .unavailable(let reason): self = .unavailable(reason)
        case .unknownOutcome(let reason): self = .unknownOutcome(reason)
        case .server(let reply) where reply.hasPrefix("OOM"): self = .memoryFull
        case .server(let reply) where reply.hasPrefix("BUSY ") || reply.hasPrefix("MISCONF"): self = .unavailable(reply)
        case .server(let reply): self = .rejected(reply)
        }
    }
}

extension QueueError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "the queue is unavailable: \(reason)"
        case .unknownOutcome(let reason): "the queue did not confirm: \(reason)"
        case .memoryFull: "the queue's memory is full"
        case .leaseLost: "the lease is lost"
        case .rejected(let reason): reason
        }
    }
}
