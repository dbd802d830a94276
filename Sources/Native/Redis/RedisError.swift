/// Why a command has no reply, sorted by what the caller may conclude.
package enum RedisError: Error, Equatable, Sendable {
    /// Surely not executed: there was no connection, or it broke before the command was written, or the server
    /// refuses all work for now (loading its data, read-only replica, too few replicas).
    case unavailable(String)
    /// It was written, and then the time ran out or the connection broke. It may have been executed.
    case unknownOutcome(String)
    /// Redis answered with an error: "OOM …", "NOSCRIPT …", "WRONGTYPE …".
    case server(String)

    /// The meaning of an error reply.
    init(reply: String) {
        let transient = ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS"]
        let reply = Self.unwrapped(reply)
        let code = reply.prefix { $0 != " " }
        self = transient.contains { code == $0 } ? .unavailable(reply) : .server(reply)
    }

    /// What a command in a script was refused with. Redis 6 wraps it: "ERR Error running script (call to f_…): … -OOM …".
    private static func unwrapped(_ reply: String) -> String {
        guard reply.hasPrefix("ERR Error running script") else { return reply }
        let isCode = { (word: Substring) in
            word.utf8.count > 1 && word.first == "-" && word.dropFirst().allSatisfy { $0.isASCII && $0.isUppercase }
        }
        guard let code = reply.split(separator: " ").first(where: isCode) else { return reply }
        return String(reply[code.startIndex...].dropFirst())
    }

    /// What happened, without the case.
    package var reason: String {
        switch self {
        case .unavailable(let reason), .unknownOutcome(let reason), .server(let reason): reason
        }
    }

    /// Whether the server says that another one has become the master.
    var isFailover: Bool {
        if case .unavailable(let reason) = self { reason.hasPrefix("READONLY") } else { false }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "Redis is unavailable: \(reason)"
        case .unknownOutcome(let reason): "outcome unknown: \(reason)"
        case .server(let reply): "Redis refused: \(reply)"
        }
    }
}
