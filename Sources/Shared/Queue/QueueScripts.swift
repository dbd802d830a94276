import Native

/// The queue's steps. Each file in `Scripts` says what it takes, returns, costs, and what a repeat does.
package struct QueueScripts: Sendable {
    let enqueue, claim, held, heartbeat, checkpoint, waiting, merge, ack, retryLater, release, failToDead: RedisScript
    let reap, promote, pause, resume, replay, audit, depths: RedisScript
    let inspect: RedisScript
    let admit, speak, takeOver, hasSaid: RedisScript

    /// The scripts as they ship.
    package static let standard = QueueScripts { $1 }

    /// - Parameter change: gets the name and text of each file, the prelude's too, and returns the text to use. For
    ///   tests that break a script on purpose.
    package init(change: (_ name: String, _ text: [UInt8]) -> [UInt8]) {
        let prelude = change("prelude", PackageResources.prelude_lua)
        func script(_ name: String, _ text: [UInt8]) -> RedisScript {
            RedisScript(name: name, source: prelude + change(name, text))
        }
        inspect = script("inspect", PackageResources.inspect_lua)
        enqueue = script("enqueue", PackageResources.enqueue_lua)
        claim = script("claim", PackageResources.claim_lua)
        held = script("held", PackageResources.held_lua)
        heartbeat = script("heartbeat", PackageResources.heartbeat_lua)
        checkpoint = script("checkpoint", PackageResources.checkpoint_lua)
        waiting = script("waiting", PackageResources.waiting_lua)
        merge = script("merge", PackageResources.merge_lua)
        ack = script("ack", PackageResources.ack_lua)
        retryLater = script("retryLater", PackageResources.retryLater_lua)
        release = script("release", PackageResources.release_lua)
        failToDead = script("failToDead", PackageResources.failToDead_lua)
        reap = script("reap", PackageResources.reap_lua)
        promote = script("promote", PackageResources.promote_lua)
        pause = script("pause", PackageResources.pause_lua)
        resume = script("resume", PackageResources.resume_lua)
        replay = script("replay", PackageResources.replay_lua)
        audit = script("audit", PackageResources.audit_lua)
        depths = script("depths", PackageResources.depths_lua)
        admit = script("admit", PackageResources.admit_lua)
        speak = script("speak", PackageResources.speak_lua)
        takeOver = script("takeOver", PackageResources.takeOver_lua)
        hasSaid = script("hasSaid", PackageResources.hasSaid_lua)
    }
}
