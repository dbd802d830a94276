import Native

/// Who has a conversation, and what was said in it lately. The keys lie in the conversation's shard.
extension RedisQueue {
    /// Whether a message may be answered.
    package enum Admission: Sendable, Equatable {
        case go
        case taken(Handover)
        /// - isFirst: of the window, so that it is logged once.
        case tooMany(isFirst: Bool)
    }

    /// Asked before a message is answered; counts its reply.
    ///
    /// - Parameters:
    ///   - most: replies to one contact within the window; 0: any number.
    package func admit(
        _ group: JobGroup, _ job: JobID, most: Int, in window: Duration = .seconds(60)
    ) async throws(QueueError) -> Admission {
        var arguments: RedisArguments = [String(group.party), job.rawValue]
        arguments.append(max(0, most))
        arguments.append(window.milliseconds)
        let reply = try await run(scripts.admit, on: sharding.shard(of: group), arguments).items ?? []
        switch reply.first?.text {
        case "go": return .go
        case "many": return .tooMany(isFirst: reply.count > 1 && reply[1].int == 1)
        default: return .taken(try Self.taker(reply, of: scripts.admit))
        }
    }

    /// Of a reply `{"taken", by whom, ms left or -1}`.
    static func taker(_ reply: [RedisValue], of script: RedisScript) throws(QueueError) -> Handover {
        guard reply.count == 3, let handover = Handover(reply[1], reply[2]) else {
            throw .rejected("\(script.name) answered \(reply)")
        }
        return handover
    }

    /// Whether a text of ours with this digest was sent to the conversation lately, or is being sent.
    package func hasSaid(
        _ digest: String, to conversation: ConversationID, of tenant: TenantID
    ) async throws(QueueError) -> Bool {
        let group = try Self.group(tenant, conversation)
        return try await run(scripts.hasSaid, on: sharding.shard(of: group), [String(group.party), digest]).int == 1
    }

    // MARK: Taking over

    /// Takes a conversation from the bot. Returns how it stands then.
    ///
    /// - Parameters:
    ///   - duration: nil: until it is given back.
    ///   - replaces: whether this also shortens what stands; else the longer one does.
    @discardableResult
    package func handOver(
        _ conversation: ConversationID, of tenant: TenantID, to cause: Handover.Cause, for duration: Duration?,
        replaces: Bool
    ) async throws(QueueError) -> Handover {
        let reply = try await takeOver(
            conversation, tenant, cause.rawValue, duration.map { max(1, $0.milliseconds) } ?? 0, replaces)
        guard reply.count == 2, let handover = Handover(reply[0], reply[1]) else {
            throw .rejected("takeOver answered \(reply)")
        }
        return handover
    }

    /// The bot answers again.
    package func handBack(_ conversation: ConversationID, of tenant: TenantID) async throws(QueueError) {
        _ = try await takeOver(conversation, tenant, "", 0, true)
    }

    private func takeOver(
        _ conversation: ConversationID, _ tenant: TenantID, _ name: String, _ ms: Int, _ replaces: Bool
    ) async throws(QueueError) -> [RedisValue] {
        let group = try Self.group(tenant, conversation)
        var arguments: RedisArguments = [String(group.party), name]
        arguments.append(ms)
        arguments.append(replaces ? 1 : 0)
        return try await run(scripts.takeOver, on: sharding.shard(of: group), arguments).items ?? []
    }

    // MARK: Looking

    /// nil: the bot has the conversation.
    package func handover(
        of conversation: ConversationID, _ tenant: TenantID
    ) async throws(QueueError) -> Handover? {
        let group = try Self.group(tenant, conversation)
        return try await handover(at: keys(of: sharding.shard(of: group)).human(group))
    }

    /// Every conversation that was taken from the bot. Reads the whole keyspace a page at a time: for an operator.
    package func handovers() async throws(QueueError) -> [(tenant: TenantID, conversation: ConversationID, Handover)] {
        var found: [String: (tenant: TenantID, conversation: ConversationID, Handover)] = [:], cursor = "0"
        repeat {
            let page =
                try await ask(RedisCommand("SCAN", cursor, "MATCH", ShardKeys.anyHuman, "COUNT", "1000")).items ?? []
            guard page.count == 2, let next = page[0].text else { throw .rejected("SCAN answered \(page)") }
            cursor = next
            for key in page[1].items?.compactMap(\.text) ?? [] {
                guard let party = ShardKeys.party(ofHuman: key), let handover = try await handover(at: key) else {
                    continue
                }
                found[key] = (TenantID(party.tenant), ConversationID(party.conversation), handover)
            }
        } while cursor != "0"
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    private func handover(at key: String) async throws(QueueError) -> Handover? {
        let name = try await ask(RedisCommand("GET", key))
        return Handover(name, try await ask(RedisCommand("PTTL", key)))
    }

    private func ask(_ command: RedisCommand) async throws(QueueError) -> RedisValue {
        do throws(RedisError) { return try await client.send(command) } catch { throw QueueError(error) }
    }

    /// Any group of the conversation: its shard and its party are the same in every lane.
    private static func group(_ tenant: TenantID, _ conversation: ConversationID) throws(QueueError) -> JobGroup {
        try JobGroup(lane: .default, tenant: tenant, conversation: conversation, job: JobID("none"))
    }
}
