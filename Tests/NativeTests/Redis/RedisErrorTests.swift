import Testing

@testable import Native

@Suite("Redis errors") struct RedisErrorTests {
    @Test(arguments: [
        "LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
        "NOREPLICAS Not enough good replicas to write.", "TRYAGAIN Multiple keys request during rehashing of slot",
    ])
    func `a server that refuses all work for now is unavailable`(reply: String) {
        #expect(RedisError(reply: reply) == .unavailable(reply))
    }

    @Test(arguments: ["ERR unknown command", "WRONGTYPE Operation against a key", "LOADINGS", ""])
    func `any other refusal is the server's own word`(reply: String) {
        #expect(RedisError(reply: reply) == .server(reply))
    }

    @Test(arguments: [
        ("OOM command not allowed when used memory > 'maxmemory'.", false),
        ("NOREPLICAS Not enough good replicas to write.", true),
        ("READONLY You can't write against a read only replica.", true),
    ])
    func `what a script's command was refused with is taken out of Redis 6's wrapping`(inner: String, passes: Bool) {
        let wrapped = "ERR Error running script (call to f_3f2a): @user_script:12: @user_script: 12: -" + inner
        let error = RedisError(reply: wrapped)
        #expect(error == (passes ? .unavailable(inner) : .server(inner)))
        #expect(error.isFailover == inner.hasPrefix("READONLY"))
    }

    @Test func `an error of the script itself stays as it is`() {
        let reply = "ERR Error running script (call to f_3f2a): @user_script:3: attempt to index a nil value - x"
        #expect(RedisError(reply: reply) == .server(reply))
    }
}
