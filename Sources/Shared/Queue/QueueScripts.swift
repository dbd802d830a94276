import Native

/// The queue's steps. Each file in `Scripts` says what it takes, returns, costs, and what a repeat does.
enum QueueScripts {
    static let enqueue = script("enqueue", PackageResources.enqueue_lua)
    static let claim = script("claim", PackageResources.claim_lua)
    static let heartbeat = script("heartbeat", PackageResources.heartbeat_lua)
    static let checkpoint = script("checkpoint", PackageResources.checkpoint_lua)
    static let waiting = script("waiting", PackageResources.waiting_lua)
    static let ack = script("ack", PackageResources.ack_lua)
    static let retryLater = script("retryLater", PackageResources.retryLater_lua)
    static let release = script("release", PackageResources.release_lua)
    static let failToDead = script("failToDead", PackageResources.failToDead_lua)
    static let reap = script("reap", PackageResources.reap_lua)
    static let promote = script("promote", PackageResources.promote_lua)
    static let depths = script("depths", PackageResources.depths_lua)

    private static func script(_ name: String, _ body: [UInt8]) -> RedisScript {
        RedisScript(name: name, source: PackageResources.prelude_lua + body)
    }
}
