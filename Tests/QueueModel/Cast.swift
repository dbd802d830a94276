import Shared

/// Who takes part: few of each, so that they meet often.
enum Cast {
    static let lanes = [Lane.high, .default, .broadcasts]
    /// Where following jobs go: work of the system's own.
    static let followingLane = Lane.maintenance
    static let allLanes = lanes + [followingLane]
    static let tenants = ["t1", "t2", "t3"]
    static let conversations = ["a", "b", "c"]
    /// Workers that are gone. At most eight: no wake-up asks more.
    static let deaf = ["w1", "w2", "w3", "w4", "w5", "w6"]
    /// Workers that hear wake-ups. They take part in schedules that have listeners.
    static let listeners = ["l1", "l2"]

    /// Limits that are met.
    static var options: RedisQueue.Options {
        var options = RedisQueue.Options()
        options.laneLength = 9
        options.tenantLength = 6
        options.conversationLength = 3
        options.memoryLines = 5
        // A busy machine is not an outage: only a step is.
        options.awayAfter = long
        options.graceAfterAway = long
        return options
    }

    /// Longer than any run.
    static let long = Duration.seconds(3600)
}
