internal import CCrypto

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
        var digest = [UInt8](repeating: 0, count: 20)
        let status = unsafe EVP_Digest(source, source.count, &digest, nil, EVP_sha1(), nil)
        precondition(status == 1, "libcrypto refused to compute SHA-1")
        sha1 = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
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
