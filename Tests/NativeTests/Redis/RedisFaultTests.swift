import Native
import TestSupport
import Testing

@Suite("Redis faults", .onLoop)
@LoopActor struct RedisFaultTests {
    @Test func `a server that stopped answering costs the time limit and then fails at once`() async throws {
        try await RedisServer.with { server in
            var options = RedisServer.eagerOptions
            options.connectTimeout = .milliseconds(200)
            options.commandTimeout = .milliseconds(300)
            let states = Events<RedisClient.State>()
            let client = RedisClient(address: server.address, options: options) { states.send($0) }
            client.start()
            defer { client.close() }
            try await client.waitUntilReady(within: .seconds(20))

            server.pause()
            let start = MonotonicInstant.now()
            await #expect(throws: RedisError.unknownOutcome("no reply in time")) {
                try await client.send(RedisCommand("PING"))
            }
            let took = MonotonicInstant.now() - start
            #expect(took >= .milliseconds(300) && took < .seconds(10))
            _ = try await states.first { $0 != .ready }
            // At once: waiting for a reply would end as an unknown outcome.
            await #expect { try await client.send(RedisCommand("PING")) } throws: {
                if case RedisError.unavailable? = $0 as? RedisError { true } else { false }
            }

            server.resume()
            try await client.waitUntilReady(within: .seconds(20))
            #expect(try await client.send(RedisCommand("PING")).text == "PONG")
        }
    }

    @Test func `one call may ask for a shorter or a longer limit`() async throws {
        try await RedisServer.with { server in
            var options = RedisServer.eagerOptions
            options.commandTimeout = .milliseconds(100)
            let client = try await server.client(options)
            defer { client.close() }
            let slow = RedisCommand("BLPOP", "none", "0.4")
            #expect(try await client.send(slow, within: .seconds(20)).isNull)
            await #expect(throws: RedisError.unknownOutcome("no reply in time")) {
                try await client.send(RedisCommand("BLPOP", "none", "20"), within: .milliseconds(50))
            }
        }
    }

    @Test func `the same client works again after the server was killed and restarted`() async throws {
        try await RedisServer.with { server in
            let states = Events<RedisClient.State>()
            let client = RedisClient(address: server.tcpAddress, options: RedisServer.eagerOptions) { states.send($0) }
            client.start()
            defer { client.close() }
            for _ in 0..<3 {
                _ = try await states.first { $0 == .ready }
                #expect(try await client.send(RedisCommand("PING")).text == "PONG")
                server.kill()
                _ = try await states.first { $0 != .ready }
                #expect(!client.isReady)
                await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                try await server.start()
            }
        }
    }

    @Test func `calls under way when the server dies have an unknown outcome`() async throws {
        try await RedisServer.withClient { server, client in
            let call = LoopActor.loop.spawn {
                try await client.send(RedisCommand("BLPOP", "none", "0"), within: .seconds(60))
            }
            let watcher = try await server.client()
            defer { watcher.close() }
            while try await !info(watcher).contains("blocked_clients:1") {}
            server.kill()
            await #expect {
                _ = try await call.value
            } throws: { if case RedisError.unknownOutcome? = $0 as? RedisError { true } else { false } }
        }
    }

    @Test func `a command that was not written yet when the connection ends was surely not executed`() async throws {
        try await RedisServer.withClient { _, client in
            let call = LoopActor.loop.spawn { try await client.send(RedisCommand("SET", "a", "1")) }
            let closer = LoopActor.loop.spawn { client.close() }
            await closer.value
            await #expect(throws: RedisError.unavailable("closed")) { try await call.value }
        }
    }

    @Test func `a connection cut in the middle of a reply has an unknown outcome and the next one is clean`()
        async throws
    {
        try await RedisServer.withClient { server, client in
            // 64 MB do not fit into the socket's buffers, so the server is in the middle of it when it is killed.
            var set = RedisCommand("SET", "big")
            set.append(bytes: [UInt8](repeating: 120, count: 64 << 20))
            _ = try await client.send(set)
            let cutter = try await server.client()
            defer { cutter.close() }
            let id = try #require(try await client.send(RedisCommand("CLIENT", "ID")).text)
            let get = LoopActor.loop.spawn { try await client.send(RedisCommand("GET", "big")) }
            _ = try await cutter.send(RedisCommand("CLIENT", "KILL", "ID", id))
            await #expect { _ = try await get.value } throws: {
                if case RedisError.unknownOutcome? = $0 as? RedisError { true } else { false }
            }
            try await client.waitUntilReady(within: .seconds(20))
            #expect(try await client.send(RedisCommand("STRLEN", "big")).int == 64 << 20)
        }
    }

    @Test func `a server that turned into a replica is left`() async throws {
        try await RedisServer.with { server in
            let states = Events<RedisClient.State>()
            let client = RedisClient(address: server.address, options: RedisServer.eagerOptions) { states.send($0) }
            client.start()
            defer { client.close() }
            try await client.waitUntilReady(within: .seconds(20))
            _ = try await client.send(RedisCommand("REPLICAOF", "127.0.0.1", "\(server.port)"))
            await #expect { try await client.send(RedisCommand("SET", "a", "1")) } throws: {
                if case RedisError.unavailable? = $0 as? RedisError { true } else { false }
            }
            _ = try await states.first { $0 == .down(reason: "the server has become a read-only replica") }
        }
    }

    private func info(_ client: RedisClient) async throws -> String {
        try await client.send(RedisCommand("INFO", "clients")).text ?? ""
    }
}
