import Native
import TestSupport

@testable import Shared

/// The workers of the cast that listen, on a connection of their own.
@LoopActor final class Ears {
    private static let end = "end"

    private let client: RedisClient
    private var heard: [String: Int] = [:]
    private let ends = Events<Void>()
    private var subscriber: RedisSubscriber?

    private init(_ client: RedisClient) { self.client = client }

    /// Returns when it is subscribed. The caller stops it.
    static func open(_ server: RedisServer, _ client: RedisClient) async throws -> Ears {
        let ears = Ears(client), ready = Events<Void>()
        let subscriber = RedisSubscriber(
            address: server.address, options: RedisServer.eagerOptions, channels: Cast.listeners.map(channel),
            onMessage: { [weak ears] in ears?.hear($0, $1) }, onSubscribed: { ready.send() })
        ears.subscriber = subscriber
        subscriber.start()
        try await ready.next()
        return ears
    }

    func stop() { subscriber?.stop() }

    /// Forgets what was heard.
    func reset() async throws {
        try await catchUp()
        heard = [:]
    }

    /// - Throws: `Violation` when not exactly these wake-ups were sent.
    func expect(_ expected: [String: Int]) async throws {
        try await catchUp()
        guard heard == expected else { throw Violation(kind: .wake, what: "heard \(heard), not \(expected)") }
    }

    /// Messages of a connection arrive in order: after this one, all before it have.
    private func catchUp() async throws {
        _ = try await client.send(RedisCommand("PUBLISH", Self.channel(Cast.listeners[0]), Self.end))
        try await ends.next()
    }

    private func hear(_ channel: String, _ message: [UInt8]) {
        if message == Array(Self.end.utf8) {
            ends.send()
        } else if let worker = Cast.listeners.first(where: { Self.channel($0) == channel }) {
            heard[worker, default: 0] += 1
        }
    }

    private static func channel(_ worker: String) -> String { ShardKeys.wakeChannel(WorkerID(worker)) }
}
