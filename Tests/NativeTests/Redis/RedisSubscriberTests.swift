import Native
import TestSupport
import Testing

@Suite("Redis subscriber", .onLoop)
@LoopActor struct RedisSubscriberTests {
    @Test func `it receives what is published and subscribes again after a restart`() async throws {
        try await RedisServer.with { server in
            let messages = Events<String>(), subscribed = Events<Void>()
            let subscriber = RedisSubscriber(
                address: server.address, options: RedisServer.eagerOptions, channels: ["one", "two"],
                onMessage: { messages.send($0 + ": " + String(decoding: $1, as: UTF8.self)) },
                onSubscribed: { subscribed.send() })
            subscriber.start()
            defer { subscriber.stop() }
            for round in 0..<2 {
                try await subscribed.next()
                let client = try await server.client()
                defer { client.close() }
                #expect(try await client.send(RedisCommand("PUBLISH", "two", "round \(round)")).int == 1)
                #expect(try await messages.next() == "two: round \(round)")
                server.kill()
                try await server.start()
            }
        }
    }

    @Test func `a silent server is left after an unanswered ping, a quiet one is not`() async throws {
        try await RedisServer.with { server in
            var options = RedisServer.eagerOptions
            options.pingInterval = .milliseconds(700)
            options.connectTimeout = .milliseconds(1000)
            let subscribed = Events<Void>()
            let subscriber = RedisSubscriber(
                address: server.address, options: options, channels: ["one"], onMessage: { _, _ in },
                onSubscribed: { subscribed.send() })
            subscriber.start()
            defer { subscriber.stop() }
            try await subscribed.next()
            let client = try await server.client()
            let pings = try await pings(client)
            try await eventually { try await self.pings(client) >= pings + 2 }
            client.close()
            server.pause()
            // Far longer than two pings, also where timers are late: the connection is given up meanwhile.
            await #expect(throws: Events<Void>.TimedOut.self) { try await subscribed.next(within: .milliseconds(3500)) }
            server.resume()
            try await subscribed.next()
        }
    }

    /// PINGs the server has answered.
    private func pings(_ client: RedisClient) async throws -> Int {
        let stats = try await client.send(RedisCommand("INFO", "commandstats")).text ?? ""
        let line = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_ping:calls=") }
        return line.flatMap { Int($0.dropFirst(19).prefix { $0 != "," }) } ?? 0
    }
}
