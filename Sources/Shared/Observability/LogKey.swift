/// The fields a log line may carry beside `ts, level, event, msg`. One list, so that the same thing has one name.
package enum LogKey: String, Sendable, CaseIterable {
    case jobID = "job_id"
    case business, conversation
    case messageID = "message_id"
    case provider, queue, worker
    case job = "job_name"
    case attempt, attempts, crashes, count, status
    case reason, error
    case from, to
    case replyLength = "reply_length"
    case toolCount = "tool_count"
    case unconfirmed
    case version, address, port, pid
    case kind, tool, broadcast, told
    case traceparent
    case text

    case durationMS = "duration_ms"
    case totalMS = "total_ms"
    case waitMS = "wait_ms"
    case delayMS = "delay_ms"
    case aiMS = "ai_ms"
    case sendMS = "send_ms"
}
