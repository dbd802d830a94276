import Native
import TestSupport

@testable import Shared

/// A Redis of its own on which campaigns run, one after the other.
@LoopActor struct Arena {
    let client: RedisClient
    let ears: Ears

    static func with<T>(_ body: @LoopActor (Arena) async throws -> T) async throws -> T {
        try await RedisServer.withClient { server, client in
            let ears = try await Ears.open(server, client)
            defer { ears.stop() }
            return try await body(Arena(client: client, ears: ears))
        }
    }

    /// - Parameter scripts: what the queue runs.
    func campaign(seed: UInt64, scripts: QueueScripts = .standard) -> Campaign {
        let queue = RedisQueue(
            client: client, sharding: Sharding(count: 1), options: Cast.options, scripts: scripts)
        return Campaign(seed: seed, queue: queue, ears: ears)
    }

    /// The story of the first violation within so many steps; nil when there is none.
    ///
    /// - Parameters:
    ///   - onSchedule: a schedule has passed.
    ///   - onFailure: one has not, and is shrunk next.
    func firstViolation(
        of campaign: Campaign, steps: Int, onSchedule: () -> Void = {}, onFailure: (Campaign.Failure) -> Void = { _ in }
    ) async throws -> Story? {
        do {
            try await campaign.run(steps, onSchedule: onSchedule)
            return nil
        } catch let failure as Campaign.Failure {
            onFailure(failure)
            let (schedule, lines, violation) = try await campaign.shrink(failure)
            return Story(
                seed: campaign.seed, failure: failure, schedule: schedule, lines: lines, violation: violation)
        }
    }
}
