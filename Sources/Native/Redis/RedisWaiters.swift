/// The callers that wait for replies, in the order of their commands. A plain value.
struct RedisWaiters {
    typealias Continuation = UnsafeContinuation<Result<RedisValue, RedisError>, Never>

    @safe struct Waiter {
        let continuation: Continuation
        let deadline: MonotonicInstant
    }

    private var all: [Waiter] = []
    /// Those before it have been answered.
    private var head = 0
    /// How many of the newest have not been offered to the socket yet.
    private(set) var unwritten = 0

    var count: Int { all.count - head }

    mutating func append(_ waiter: Waiter) {
        all.append(waiter)
        unwritten += 1
    }

    /// All commands so far are in the socket's hands, at least in part.
    mutating func markWritten() { unwritten = 0 }

    mutating func popFirst() -> Waiter? {
        guard head < all.count else { return nil }
        defer {
            head += 1
            unwritten = min(unwritten, count)
            if head == all.count {
                all.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 4096 {
                all.removeFirst(head)
                head = 0
            }
        }
        return all[head]
    }

    /// Whether any reply is late. Deadlines differ by caller, so the oldest is not always the first.
    func isOverdue(at now: MonotonicInstant) -> Bool { all[head...].contains { $0.deadline < now } }

    /// Empties the value.
    mutating func takeAll() -> (written: [Waiter], unwritten: [Waiter]) {
        let waiting = all[head...]
        let taken = (Array(waiting.dropLast(unwritten)), Array(waiting.suffix(unwritten)))
        self = RedisWaiters()
        return taken
    }
}
