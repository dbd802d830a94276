/// Every metric's name, in Prometheus' base units.
package enum MetricName: String, Sendable, CaseIterable {
    case webhookRequests = "rejoinder_webhook_requests_total"
    case webhookMessages = "rejoinder_webhook_messages_total"
    case webhookSeconds = "rejoinder_webhook_seconds"
    case jobs = "rejoinder_jobs_total"
    case jobsInFlight = "rejoinder_jobs_in_flight"
    case queueWaitSeconds = "rejoinder_queue_wait_seconds"
    case queueDepth = "rejoinder_queue_depth"
    case aiSeconds = "rejoinder_ai_seconds"
    case aiCalls = "rejoinder_ai_calls_total"
    case sendSeconds = "rejoinder_send_seconds"
    case sends = "rejoinder_sends_total"
    case failovers = "rejoinder_failovers_total"
    case replySeconds = "rejoinder_reply_seconds"
    case businessCache = "rejoinder_business_cache_total"
    case rowsWaiting = "rejoinder_rows_waiting_total"
    case receipts = "rejoinder_receipts_total"
    case scheduleTicks = "rejoinder_schedule_ticks_total"
    case leasesReaped = "rejoinder_leases_reaped_total"
    case queueRepairs = "rejoinder_queue_repairs_total"
    case quarantineJobs = "rejoinder_quarantine_jobs_total"
    case redisMemoryRatio = "rejoinder_redis_memory_ratio"
    case redisUp = "rejoinder_redis_up"
    case postgresUp = "rejoinder_postgres_up"
    case processCPU = "process_cpu_seconds_total"
    case processResident = "process_resident_memory_bytes"
    case processDescriptors = "process_open_fds"
    case buildInfo = "rejoinder_build_info"

    package var help: String {
        switch self {
        case .webhookRequests: "Webhook requests by sender and status class."
        case .webhookMessages: "Messages in webhooks by what became of them."
        case .webhookSeconds: "Time from a webhook being read to its answer."
        case .jobs: "Jobs by queue and how they ended."
        case .jobsInFlight: "Jobs this process is working on."
        case .queueWaitSeconds: "Time a job waited before it was claimed."
        case .queueDepth: "Jobs in a queue, those in flight included."
        case .aiSeconds: "Time of one AI call."
        case .aiCalls: "AI calls by outcome."
        case .sendSeconds: "Time of one send by provider."
        case .sends: "Sends by provider and outcome."
        case .failovers: "Replies that went on to another provider."
        case .replySeconds: "Time from a message's acceptance to its sent reply."
        case .businessCache: "Look-ups in the business cache by outcome."
        case .rowsWaiting: "Exchanges whose rows had to wait for Postgres."
        case .receipts: "Delivery receipts by status and by what became of them."
        case .scheduleTicks: "Ticks of periodic jobs by outcome."
        case .leasesReaped: "Leases of dead workers that were taken over."
        case .queueRepairs: "Faults in the queue's keys that the audit found and repaired, by kind. Any is an alert."
        case .quarantineJobs: "Jobs that ran in the quarantine process, by how they ended."
        case .redisMemoryRatio: "Used memory of Redis as a share of its limit; 0 without a limit."
        case .redisUp: "Whether Redis is connected."
        case .postgresUp: "Whether Postgres is connected."
        case .processCPU: "User and system time of this process."
        case .processResident: "Resident memory of this process."
        case .processDescriptors: "Open file descriptors of this process."
        case .buildInfo: "Always 1; the labels tell the version."
        }
    }
}

/// The labels of metrics. Their values come from small closed sets; never an id.
package enum MetricLabel: String, Sendable {
    case sender, outcome, queue, provider, job, kind, status, version
}
