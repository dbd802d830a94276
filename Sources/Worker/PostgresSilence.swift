import Native
import Shared

/// Whether Postgres has lately not answered in time. Then a contact is not kept waiting for it: what would be asked is done
/// without, what would be written waits in the queue. Once a second one question is let through, to hear whether it is back.
@LoopActor final class PostgresSilence {
    private var until: MonotonicInstant?

    private static let pause: Duration = .seconds(1)

    /// Whether to ask. Who is told so says afterwards what came of it: see `ask`.
    func mayAsk() -> Bool {
        guard let until else { return true }
        guard until < .now() else { return false }
        self.until = .now() + Self.pause
        return true
    }

    /// Asks unless Postgres is silent, and notes whether it answered. nil: it was not asked.
    func ask<Answer: Sendable>(
        _ question: @LoopActor () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer? {
        guard mayAsk() else { return nil }
        do throws(StoreError) {
            let answer = try await question()
            hasAnswered()
            return answer
        } catch {
            if error.isOutage { hasNotAnswered() }
            throw error
        }
    }

    func hasAnswered() { until = nil }

    func hasNotAnswered() { until = .now() + Self.pause }
}
