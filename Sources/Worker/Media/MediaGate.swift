import Native

/// A worker's places for messages with voice or pictures, which take long and hold much: given out in turn, so that others
/// are not kept waiting by them. Who waits keeps his lease.
@LoopActor final class MediaGate {
    private var free: Int
    private var waiting: [OneShot<Void>] = []

    /// - Parameter concurrency: jobs that the worker runs at once. A tenth of them, but one at least, get a place.
    init(concurrency: Int) { free = max(1, concurrency / 10) }

    /// Returns once there is a place; `leave` gives it back.
    ///
    /// - Throws: when the task is cancelled; then there is no place to give back.
    func enter() async throws(CancellationError) {
        if free > 0 {
            free -= 1
            return
        }
        let turn = OneShot<Void>()
        waiting.append(turn)
        do { try await turn.value } catch {
            // It may have been given the place in the moment in which it was cancelled.
            if turn.result != nil { leave() }
            waiting.removeAll { $0 === turn }
            throw error
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resolve(()) }
    }
}
