import Native

/// One line of a conversation's memory in Redis. Lines are only ever put at the end; the oldest fall off.
enum MemoryLine: Equatable, Sendable {
    case turn(MemoryTurn)
    /// What was said before is not known: Redis had lost it, and Postgres could not be asked.
    case gap
    /// The memory begins anew: what stands before is told again behind this.
    case start

    var bytes: [UInt8] {
        switch self {
        case .gap: Array(#"{"mark":"gap"}"#.utf8)
        case .start: Array(#"{"mark":"start"}"#.utf8)
        case .turn(let turn):
            if turn.messages.count == 1 { turn.messages[0].line } else { Self.array(turn.messages) }
        }
    }

    /// nil when the line is not one that `bytes` made.
    @LoopActor init?(_ bytes: [UInt8]) {
        let read = try? JSON.read(bytes) { json -> MemoryLine? in
            switch json["mark"]?.string {
            case "gap": return .gap
            case "start": return .start
            default: break
            }
            let messages = json.isArray ? json.items.map { ChatMessage($0) } : [ChatMessage(json)]
            let known = messages.compactMap { $0 }
            guard known.count == messages.count else { return nil }
            return MemoryTurn(known).map(MemoryLine.turn)
        }
        guard let line = read ?? nil else { return nil }
        self = line
    }

    private static func array(_ messages: [ChatMessage]) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.beginArray()
        for message in messages { message.write(to: &json) }
        json.endArray()
        return json.bytes
    }
}
