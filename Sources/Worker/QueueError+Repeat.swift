import Native
import Shared

extension QueueError {
    /// Whether the same step may succeed when it is tried again.
    var mayPass: Bool {
        switch self {
        case .unavailable, .unknownOutcome, .memoryFull: true
        case .leaseLost, .rejected: false
        }
    }

    /// Between tries while Redis is down; the lease ends sooner or later.
    static let pause: Duration = .milliseconds(200)

    /// Asks the queue until it has answered: what follows may not happen without.
    @LoopActor static func repeated<T>(
        _ question: @LoopActor () async throws(QueueError) -> T
    ) async throws(LeaseLost) -> T {
        while !Task.isCancelled {
            do throws(QueueError) { return try await question() } catch {
                if !error.mayPass { throw LeaseLost() }
            }
            // Ends early only when the lease is lost, and then the loop does.
            try? await LoopActor.loop.sleep(for: pause)
        }
        throw LeaseLost()
    }
}
