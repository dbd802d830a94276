import Native

/// What the scheduler's jobs have in common: their names, and the tick that each is made for, as `{"tick": N}`.
package enum TickJob {
    package static let gatewayHealth = "gateway_health"
    package static let scheduledBroadcasts = "scheduled_broadcasts"

    /// - Parameter tick: numbered from 1970-01-01 UTC, 0 or more.
    package static func payload(_ tick: Int) -> [UInt8] { Array("{\"tick\":\(tick)}".utf8) }

    /// nil when the payload is not one that `payload` made.
    @LoopActor package static func tick(of payload: [UInt8]) -> Int? {
        let tick = (try? JSON.read(payload) { $0["tick"]?.int }) ?? nil
        return tick.flatMap { $0 < 0 ? nil : $0 }
    }
}
