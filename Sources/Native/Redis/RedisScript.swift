/// A Lua script and the hash under which Redis keeps it.
package struct RedisScript: Sendable {
    /// For logs and metrics.
    package let name: String
    let source: [UInt8]
    /// 40 hexadecimal digits.
    package let sha1: String

    package init(name: String, source: [UInt8]) {
        self.name = name
        self.source = source
        sha1 = Hex.encode(Digest.sha1.hash(source))
    }

    /// - Parameter loaded: whether to name the script by its hash, or to send it whole.
    func command(loaded: Bool, keys: [String], arguments: RedisArguments) -> RedisCommand {
        var command = loaded ? RedisCommand("EVALSHA", sha1) : RedisCommand("EVAL")
        command.reserve(128 + arguments.encoded.count)
        if !loaded { command.append(bytes: source) }
        command.append(keys.count)
        for key in keys { command.append(key) }
        command.append(arguments)
        return command
    }
}
