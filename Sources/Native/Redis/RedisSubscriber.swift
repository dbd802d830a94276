/// Receives what is published on channels, over a connection of its own that is renewed by itself.
///
/// What is published while it is not subscribed is lost, as Redis has it: `onSubscribed` is the moment to look for
/// what was missed. Runs until `stop`.
@LoopActor package final class RedisSubscriber {
    private let address: RedisAddress
    private let options: RedisClient.Options
    private let channels: [String]
    private let onMessage: @LoopActor (String, [UInt8]) -> Void
    private let onSubscribed: @LoopActor () -> Void
    private lazy var link = makeLink()
    private var connection: RedisConnection?
    private var ping: TimerID?
    /// Whether anything arrived since the last PING.
    private var isAlive = false

    /// - Parameters:
    ///   - channels: at least one.
    ///   - onSubscribed: all channels are subscribed; called again after each reconnect.
    package init(
        address: RedisAddress, options: RedisClient.Options = .init(), channels: [String],
        onMessage: @escaping @LoopActor (String, [UInt8]) -> Void,
        onSubscribed: @escaping @LoopActor () -> Void = {}
    ) {
        precondition(!channels.isEmpty, "a subscriber needs a channel")
        self.address = address
        self.options = options
        self.channels = channels
        self.onMessage = onMessage
        self.onSubscribed = onSubscribed
    }

    private func makeLink() -> RedisLink {
        RedisLink(
            address: address, options: options,
            onUp: { [weak self] in self?.subscribe($0) },
            onDown: { [weak self] _ in self?.isDown() })
    }

    package func start() { link.start() }

    /// No callback comes after this.
    package func stop() { link.stop() }

    private func subscribe(_ connection: RedisConnection) {
        self.connection = connection
        connection.onPush = { [weak self] in self?.received($0) }
        var command = RedisCommand("SUBSCRIBE")
        for channel in channels { command.append(channel) }
        connection.post(command)
        isAlive = true
        armPing()
    }

    private func isDown() {
        connection = nil
        if let ping { LoopActor.loop.cancel(ping) }
        ping = nil
    }

    private func armPing() {
        ping = LoopActor.loop.after(options.pingInterval) {
            guard let connection = self.connection else { return }
            if !self.isAlive {
                connection.cut("no answer to PING")
                return
            }
            self.isAlive = false
            connection.post(RedisCommand("PING"))
            self.armPing()
        }
    }

    private func received(_ reply: RedisValue) {
        isAlive = true
        if case .error(let text) = reply {
            connection?.cut(text)
            return
        }
        guard let items = reply.items, items.count >= 2, let kind = items[0].text else { return }
        switch kind {
        case "message" where items.count == 3: onMessage(items[1].text ?? "", items[2].bytes ?? [])
        case "subscribe" where items.count == 3 && items[2].int == channels.count: onSubscribed()
        default: break
        }
    }
}
