/// Where a Redis server listens, and as whom to speak to it.
///
///     redis://[[user]:password@]host[:port][/database]
///     redis+unix:///path/of/socket[?db=N][&user=U][&password=P]
///
/// Names and passwords may be percent-encoded; an IPv6 address stands in brackets.
package struct RedisAddress: Sendable, Equatable, CustomStringConvertible {
    package enum Endpoint: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    /// What is wrong with a URL. Never contains the password.
    package struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    package var endpoint: Endpoint
    /// nil: Redis's user `default`.
    package var user: String?
    package var password: String?
    /// The logical database, 0 or more.
    package var database: Int

    package init(endpoint: Endpoint, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
    }

    package init(url: String) throws(Fault) {
        guard let (scheme, rest) = url.split(atFirst: "://") else {
            throw Fault("a Redis URL begins with redis:// or redis+unix://")
        }
        switch scheme.lowercased() {
        case "redis": self = try Self.tcp(rest)
        case "redis+unix": self = try Self.unix(rest)
        case "rediss":
            throw Fault("rediss:// (TLS) is not supported: use redis:// through a private network or stunnel")
        default: throw Fault("\(scheme):// is not a scheme of Redis: use redis:// or redis+unix://")
        }
    }

    private static func tcp(_ rest: Substring) throws(Fault) -> RedisAddress {
        let (beforePath, path) = rest.split(atFirst: "/") ?? (rest, "")
        let (credentials, authority) = beforePath.split(atLast: "@") ?? ("", beforePath)
        guard !path.contains("?") else { throw Fault("redis:// takes no query: the database is the path, as in /0") }
        let (host, port) = try hostAndPort(authority)
        var address = RedisAddress(endpoint: .tcp(host: host, port: port))
        if !credentials.isEmpty {
            let (user, password) = credentials.split(atFirst: ":") ?? ("", credentials)
            address.user = user.isEmpty ? nil : try decoded(user)
            address.password = try decoded(password)
        }
        if !path.isEmpty { address.database = try database(path) }
        return address
    }

    private static func unix(_ rest: Substring) throws(Fault) -> RedisAddress {
        let (path, query) = rest.split(atFirst: "?") ?? (rest, "")
        guard path.first == "/" else {
            throw Fault("redis+unix:// needs an absolute path, as in redis+unix:///run/redis.sock")
        }
        var address = RedisAddress(endpoint: .unix(path: try decoded(path)))
        // sockaddr_un holds 108 bytes with the final zero.
        guard path.utf8.count < 108 else { throw Fault("the path of a Unix socket has at most 107 bytes") }
        for pair in query.split(separator: "&") {
            let (name, value) = pair.split(atFirst: "=") ?? (pair, "")
            switch name {
            case "db": address.database = try database(value)
            case "user": address.user = try decoded(value)
            case "password": address.password = try decoded(value)
            default: throw Fault("redis+unix:// knows db, user and password, not \(name)")
            }
        }
        return address
    }

    private static func hostAndPort(_ authority: Substring) throws(Fault) -> (String, Int) {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let (inside, after) = authority.dropFirst().split(atFirst: "]"), after.isEmpty || after.first == ":"
            else { throw Fault("an IPv6 address is written as [::1] or [::1]:6379") }
            host = inside
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let (before, after) = authority.split(atFirst: ":") {
            host = before
            port = after
        }
        guard !host.isEmpty else { throw Fault("the Redis URL names no host") }
        guard let port else { return (String(host), 6379) }
        guard let number = Int(port), (1...65535).contains(number) else {
            throw Fault("the port of the Redis URL must be a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private static func database(_ text: Substring) throws(Fault) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw Fault("the database of the Redis URL must be a whole number, not \(text)")
        }
        return number
    }

    private static func decoded(_ text: Substring) throws(Fault) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(rest.prefix(2)) ?? ""
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
                throw Fault("a % in the Redis URL must be followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw Fault("the Redis URL decodes to something that is not UTF-8")
        }
        return decoded
    }

    /// For logs: the password is masked.
    package var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):•••"
        switch endpoint {
        case .tcp(let host, let port):
            let shown = host.contains(":") ? "[\(host)]" : host
            return "redis://\(credentials.isEmpty ? "" : credentials + "@")\(shown):\(port)/\(database)"
        case .unix(let path):
            return "redis+unix://\(path)?db=\(database)\(credentials.isEmpty ? "" : "&password=•••")"
        }
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate func split(atFirst separator: String) -> (Substring, Substring)? {
        guard let range = firstRange(of: separator) else { return nil }
        return (self[..<range.lowerBound], self[range.upperBound...])
    }

    fileprivate func split(atLast separator: Character) -> (Substring, Substring)? {
        guard let index = lastIndex(of: separator) else { return nil }
        return (self[..<index], self[self.index(after: index)...])
    }
}
