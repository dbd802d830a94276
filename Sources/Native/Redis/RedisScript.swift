/// A Lua script and the hash under which Redis keeps it.
package struct RedisScript: Sendable {
    /// For logs and metrics.
    package let name: String
    let source: [UInt8]
    /// 40 hexadecimal digits.
    package let sha1: String
    /// `EVALSHA` and the hash, encoded once.
    private let call: RedisArguments

    package init(name: String, source: [UInt8]) {
        self.name = name
        self.source = source
        sha1 = Hex.encode(Digest.sha1.hash(source))
        call = ["EVALSHA", sha1]
    }

    /// - Parameter loaded: whether to name the script by its hash, or to send it whole.
    func command(loaded: Bool, keys: [String], arguments: RedisArguments) -> RedisCommand {
        var words = RedisArguments(reserving: 128 + arguments.encoded.count)
        if loaded {
            words.append(call)
        } else {
            words.append("EVAL")
            words.append(bytes: source)
        }
        words.append(keys.count)
        for key in keys { words.append(key) }
        words.append(arguments)
        return RedisCommand(words)
    }
}
