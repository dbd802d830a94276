import Native

/// A private Redis: on a Unix socket only, keeping every write in its append-only file.
struct EmbeddedRedis {
    let program: String
    let data: DataFolder
    let sockets: SocketFolder

    @LoopActor var plan: PartPlan {
        var command = ChildCommand(program, arguments)
        command.workingDirectory = data.redis
        return PartPlan(
            isServer: true, name: "redis", title: "Redis", command: command, stopSignal: .terminate,
            grace: .seconds(30),
            readyWithin: .seconds(120),
            notReady: { await Self.notReady(socket: sockets.redisSocket) })
    }

    var arguments: [String] {
        [
            "--port", "0", "--unixsocket", sockets.redisSocket, "--unixsocketperm", "700", "--dir", data.redis,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
            "--daemonize", "no", "--loglevel", "notice",
        ]
    }

    /// Asks for a PING: a Redis that still reads its file refuses that.
    @LoopActor private static func notReady(socket: String) async -> String? {
        let client = RedisClient(address: RedisAddress(endpoint: .unix(path: socket)))
        defer { client.close() }
        client.start()
        do throws(RedisError) {
            try await client.waitUntilReady(within: .seconds(1))
            return nil
        } catch {
            return "\(error)"
        }
    }
}
