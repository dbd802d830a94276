import Native
import Shared

/// Does nothing: for measuring what the queue itself costs. Running it twice does nothing twice.
@LoopActor struct NoopHandler: JobHandler {
    let version = 1

    func run(_ job: LeasedJob) async -> JobOutcome { .done() }
}
