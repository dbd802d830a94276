import Native

/// The circuits that all workers share, in Redis. `Circuit` decides; this keeps what was decided, and refuses what was
/// decided from a state that is no longer the one there.
@LoopActor struct CircuitStore {
    private enum Script {
        static let swap = RedisScript(name: "circuitSwap", source: PackageResources.circuitSwap_lua)
        static let changes = RedisScript(name: "circuitChanges", source: PackageResources.circuitChanges_lua)
    }

    struct Swapped: Equatable, Sendable {
        /// Redis' time.
        let now: WallTime
        /// False: somebody else was first.
        let isMine: Bool
        /// As it is.
        let circuit: Circuit
    }

    struct Changes: Equatable, Sendable {
        let now: WallTime
        /// To be handed to the next look.
        let last: String
        let circuits: [(name: CircuitName, circuit: Circuit)]

        static func == (a: Self, b: Self) -> Bool {
            a.now == b.now && a.last == b.last && a.circuits.elementsEqual(b.circuits, by: ==)
        }
    }

    let redis: RedisClient

    /// Changes told in one look.
    static let most = 500

    /// - Parameters:
    ///   - old: what the new one was made from, as Redis had it.
    ///   - isChange: it opens or closes, of which all workers hear.
    func swap(
        _ name: CircuitName, from old: Circuit, to new: Circuit, isChange: Bool, now: Duration
    ) async throws(RedisError) -> Swapped {
        var arguments = RedisArguments()
        arguments.append(old.text)
        arguments.append(new.text)
        arguments.append(max(1, (new.lastsUntil(from: now) - now).milliseconds))
        arguments.append(isChange ? name.text : "")
        let reply = try await redis.run(
            Script.swap, keys: [ShardKeys.circuit(name.text), ShardKeys.circuitChanges], arguments: arguments)
        guard let items = reply.items, items.count == 3, let now = items[0].int, let text = items[2].text else {
            throw .server("circuitSwap answered \(reply)")
        }
        return Swapped(
            now: WallTime(milliseconds: Int64(now)), isMine: items[1].int == 1, circuit: Self.circuit(text))
    }

    /// - Parameter last: what the look before told; "0" at the first.
    func changes(since last: String) async throws(RedisError) -> Changes {
        var arguments = RedisArguments()
        arguments.append(last)
        arguments.append(Self.most)
        let reply = try await redis.run(Script.changes, keys: [ShardKeys.circuits], arguments: arguments)
        guard let items = reply.items, items.count >= 2, let now = items[0].int, let newest = items[1].text else {
            throw .server("circuitChanges answered \(reply)")
        }
        var circuits: [(name: CircuitName, circuit: Circuit)] = []
        for place in stride(from: 2, to: items.count - 1, by: 2) {
            // A provider that only a later program knows.
            guard let name = items[place].text.flatMap(CircuitName.init(text:)) else { continue }
            circuits.append((name, Self.circuit(items[place + 1].text ?? "")))
        }
        return Changes(now: WallTime(milliseconds: Int64(now)), last: newest, circuits: circuits)
    }

    /// What cannot be read counts as closed: calls go out, and tell what is true.
    private static func circuit(_ text: String) -> Circuit { Circuit(text: text) ?? Circuit() }
}

extension Circuit {
    /// When it may be forgotten.
    fileprivate func lastsUntil(from now: Duration) -> Duration { (openUntil ?? now) + Self.keptFor }
}
