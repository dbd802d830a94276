import Native
import Shared

/// Brings the schema up to date, and makes the business that is tried out.
@LoopActor struct DatabaseSetup {
    let url: String

    func run(business: String?) async throws {}
}
