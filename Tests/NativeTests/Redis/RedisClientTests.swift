import Native
import TestSupport
import Testing

@Suite("Redis client", .onLoop)
@LoopActor struct RedisClientTests {
    @Test func `a thousand commands at once come back in their order`() async throws {
        try await RedisServer.withClient { _, client in
            let replies = try await atOnce(1000) { index in
                let count = try await client.send(RedisCommand("INCR", "n")).int
                return (count, try await client.send(RedisCommand("ECHO", "echo \(index)")).text)
            }
            for (index, reply) in replies.enumerated() {
                #expect(reply.0 == index + 1)
                #expect(reply.1 == "echo \(index)")
            }
        }
    }

    @Test func `commands of one turn reach the server together, eight or more at a time`() async throws {
        try await RedisServer.withClient { _, client in
            let before = try await reads(client)
            _ = try await atOnce(200) { _ in try await client.send(RedisCommand("PING")) }
            #expect(try await reads(client) - before <= 200 / 8 + 4)
        }
    }

    @Test func `commands that do not wait for the end of the turn keep the order of sending`() async throws {
        try await RedisServer.withClient { _, client in
            let replies = try await atOnce(300) { index in
                try await client.send(RedisCommand("INCR", "n"), atOnce: index.isMultiple(of: 3)).int
            }
            #expect(replies == Array(1...300))
        }
    }

    private func reads(_ client: RedisClient) async throws -> Int {
        let info = try await client.send(RedisCommand("INFO", "stats")).text ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_reads_processed:") }
        return try #require(line.flatMap { Int($0.split(separator: ":")[1]) })
    }

    @Test func `every kind of reply becomes its value`() async throws {
        try await RedisServer.withClient { _, client in
            #expect(try await client.send(RedisCommand("SET", "a", "1")) == .string(Array("OK".utf8)))
            #expect(try await client.send(RedisCommand("INCR", "a")) == .integer(2))
            #expect(try await client.send(RedisCommand("GET", "a")).int == 2)
            #expect(try await client.send(RedisCommand("GET", "none")).isNull)
            #expect(try await client.send(RedisCommand("LRANGE", "none", "0", "-1")) == .array([]))
            let script = "return {1, 'x', false, {'y'}, redis.error_reply('OWN error')}"
            let reply = try await client.send(RedisCommand("EVAL", script, "0"))
            let expected: [RedisValue] = [
                .integer(1), .string([120]), .null, .array([.string([121])]), .error("OWN error"),
            ]
            #expect(reply.items == expected)
        }
    }

    @Test func `an error reply is thrown and the connection goes on`() async throws {
        try await RedisServer.withClient { _, client in
            _ = try await client.send(RedisCommand("SET", "text", "x"))
            await #expect { try await client.send(RedisCommand("INCR", "text")) } throws: {
                guard case RedisError.server(let reply)? = $0 as? RedisError else { return false }
                return reply.hasPrefix("ERR value is not an integer")
            }
            #expect(try await client.send(RedisCommand("GET", "text")).text == "x")
        }
    }

    @Test func `a value of one megabyte with any bytes survives the way there and back`() async throws {
        try await RedisServer.withClient { _, client in
            let value = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            var command = RedisCommand("SET", "big")
            command.append(bytes: value)
            _ = try await client.send(command)
            #expect(try await client.send(RedisCommand("GET", "big")).bytes == value)
        }
    }

    @Test func `password and database of the address are used`() async throws {
        var options = RedisServer.Options()
        options.password = "hush hush"
        try await RedisServer.withClient(options) { server, client in
            var address = server.tcpAddress
            address.database = 5
            let fifth = try await server.client(address: address)
            defer { fifth.close() }
            _ = try await fifth.send(RedisCommand("SET", "here", "yes"))
            #expect(try await client.send(RedisCommand("EXISTS", "here")).int == 0)
            #expect(try await fifth.send(RedisCommand("CLIENT", "GETNAME")).text == "rejoinder")

            address.password = "wrong"
            let states = Events<RedisClient.State>()
            let wrong = RedisClient(address: address, options: RedisServer.eagerOptions) { states.send($0) }
            wrong.start()
            defer { wrong.close() }
            guard case .down(let reason) = try await states.next() else {
                Issue.record("a wrong password was accepted")
                return
            }
            #expect(reason.contains("WRONGPASS") && !reason.contains("wrong@"))
        }
    }

    @Test func `a host name and TCP work like the Unix socket`() async throws {
        try await RedisServer.with { server in
            let address = RedisAddress(endpoint: .tcp(host: "localhost", port: server.port))
            let client = try await server.client(address: address)
            defer { client.close() }
            #expect(try await client.send(RedisCommand("PING")).text == "PONG")
        }
    }

    @Test func `a script is sent by hash, and whole when the server forgot it`() async throws {
        try await RedisServer.withClient { _, client in
            let script = RedisScript(name: "add", source: Array("return ARGV[1] + #KEYS".utf8))
            for _ in 0..<2 {
                #expect(try await client.run(script, keys: ["k"], arguments: ["41"]).int == 42)
                #expect(try await client.send(RedisCommand("SCRIPT", "EXISTS", script.sha1)).items?.first?.int == 1)
                #expect(try await client.run(script, keys: ["k"], arguments: ["1"]).int == 2)
                _ = try await client.send(RedisCommand("SCRIPT", "FLUSH"))
            }
        }
    }

    @Test func `without a server a call fails at once and says why`() async throws {
        let nowhere = RedisAddress(endpoint: .unix(path: "/nowhere/redis.sock"))
        let states = Events<RedisClient.State>()
        let client = RedisClient(address: nowhere, options: RedisServer.eagerOptions) { states.send($0) }
        client.start()
        defer { client.close() }
        _ = try await states.next()
        await #expect { try await client.send(RedisCommand("PING")) } throws: {
            guard case RedisError.unavailable(let reason)? = $0 as? RedisError else { return false }
            return reason.contains("No such file")
        }
    }

    @Test func `a closed client fails its calls`() async throws {
        try await RedisServer.with { server in
            let client = try await server.client()
            client.close()
            await #expect(throws: RedisError.unavailable("closed")) { try await client.send(RedisCommand("PING")) }
            await #expect(throws: RedisError.unavailable("closed")) {
                try await client.waitUntilReady(within: .seconds(20))
            }
        }
    }
}
