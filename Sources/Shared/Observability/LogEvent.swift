/// What a log line is about: the names that dashboards and scripts search for.
package enum LogEvent: String, Sendable, CaseIterable {
    case processStarted = "process_started"
    case processStopping = "process_stopping"
    case processStopped = "process_stopped"
    case configuration

    case webhookEnqueued = "webhook_enqueued"
    case webhookDuplicate = "webhook_duplicate"
    case webhookRejected = "webhook_rejected"

    case jobStarted = "job_started"
    case jobFinished = "job_finished"
    case jobRetried = "job_retried"
    case jobDead = "job_dead"
    case leaseLost = "lease_lost"
    case leasesReaped = "leases_reaped"
    case queueRepaired = "queue_repaired"
    case queueShedding = "queue_shedding"
    case quarantine

    case mediaRead = "media_read"
    case mediaFailed = "media_failed"
    case readMarkFailed = "read_mark_failed"

    case aiProcessingTime = "ai_processing_time"
    case aiTimeout = "ai_timeout"
    case aiError = "ai_error"
    case aiErrorInTimeout = "ai_error_in_timeout"

    case toolCall = "tool_call"

    case replySent = "reply_sent"
    case receipt
    case receiptsSync = "receipts_sync"
    case optOut = "opt_out"
    case broadcast
    case broadcastSent = "broadcast_sent"
    case handover
    case loopGuard = "loop_guard"
    case messagesMerged = "messages_merged"
    case providerFailover = "provider_failover"
    case circuitOpened = "circuit_opened"
    case circuitClosed = "circuit_closed"
    case restartSkipped = "restart_skipped"
    case gatewayHealth = "gateway_health"

    case configCache = "config_cache"
    case rowsWaiting = "rows_waiting"
    case rowsWritten = "rows_written"
    case schemaMigrated = "schema_migrated"

    case redisConnection = "redis_connection"
    case postgresConnection = "postgres_connection"
    case scheduleTick = "schedule_tick"
    case internalError = "internal_error"
}
