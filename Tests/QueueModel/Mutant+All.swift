extension Mutant {
    /// In order of the steps that they break.
    static let all = enqueueing + claiming + fencing + ending + waking + waiting + operating + auditing

    private static let enqueueing = [
        Mutant("enqueue forgets what it saw", in: "enqueue", "'NX', 'PX'", "'PX'"),
        Mutant(
            "enqueue remembers a message that it refused", in: "enqueue", "if refused then return refused end",
            "if refused then call('SET', P .. 'd:' .. name, '1') return refused end"),
        Mutant(
            "a full lane takes one more", in: "prelude", ">= tonumber(laneLimit)", "> tonumber(laneLimit)"),
        Mutant(
            "a tenant's limit is the lane's", in: "prelude", ">= tonumber(tenantLimit)", ">= tonumber(laneLimit)"),
        Mutant(
            "a message is always known by its job", in: "prelude", "return name == job and '1' or '=' .. job",
            "return '1'"),
        Mutant("a repeat is full", in: "prelude", "if seen then return duplicate(name, seen) end", ""),
        Mutant(
            "a job goes to the head of its group", in: "prelude", "local length = call('RPUSH', P .. 'l:'",
            "local length = call('LPUSH', P .. 'l:'"),
        Mutant("enqueue forgets the counters", in: "prelude", "  count(lane, tenant, 1)\n", ""),
        Mutant("enqueue forgets the delay", in: "prelude", "if delay > 0 then", "if false then"),
        Mutant("a job makes its busy group ready", in: "prelude", "if length > 1 then return end", ""),
    ]

    private static let claiming = [
        Mutant("tokens do not grow", in: "claim", "  token = token + 1\n", ""),
        Mutant(
            "the last token is forgotten", in: "claim", "call('SET', P .. 'tk', text(token))",
            "call('DEL', P .. 'none')"),
        Mutant("a claim tells no failures", in: "prelude", "1 + (failed and failures(gid) or 0)", "1"),
        Mutant("a claim tells no crashes", in: "prelude", "failed and crashes(gid) or 0", "0"),
        Mutant(
            "a tenant gets no second turn", in: "claim",
            "if call('EXISTS', groups) == 1 then call('RPUSH', tenants, tenant) end", ""),
        Mutant(
            "a tenant keeps its turn", in: "claim", "call('RPUSH', tenants, tenant)", "call('LPUSH', tenants, tenant)"),
        Mutant(
            "the youngest group of a tenant first", in: "claim", "local gid = call('LPOP', groups)",
            "local gid = call('RPOP', groups)"),
        Mutant("suspects are ready for all", in: "prelude", "if crashes >= SUSPECT then", "if false then"),
        Mutant("the reserve of other lanes is nobody's", in: "claim", "for i = 2, class do", "for i = 2, 1 do"),
        Mutant(
            "a lane's limit is as much as it likes", in: "claim", "limits[i] = tonumber(ARGV[at + 3])",
            "limits[i] = slots"),
        Mutant("a full tenant is claimed", in: "claim", "elseif isFull(tenant, class) then", "elseif false then"),
        Mutant(
            "a full tenant loses its turn", in: "claim", "call('LPUSH', P .. 't:' .. lane, unpack(full[lane]))",
            "call('DEL', P .. 'none')"),
        Mutant(
            "a full tenant's turn comes last", in: "claim", "call('LPUSH', P .. 't:' .. lane, unpack(full[lane]))",
            "call('RPUSH', P .. 't:' .. lane, unpack(full[lane]))"),
        Mutant(
            "full tenants change places", in: "claim", "table.insert(full[lane], 1, tenant)",
            "table.insert(full[lane], tenant)"),
        Mutant("nobody is told who is full", in: "claim", "        table.insert(reply[3], tenant)\n", ""),
        Mutant(
            "what a claim takes makes nobody full", in: "claim",
            "        held[tenant] = (held[tenant] or 0) + 1\n", ""),
        Mutant(
            "what is free for other lanes counts too", in: "claim",
            "  for c = 2, class do free = math.min(free, room[c]) end\n", ""),
        Mutant(
            "who waits for a full tenant only is told of more", in: "claim", "  if #tenants > 0 and call('EXISTS'",
            "  if next(full) or #tenants > 0 and call('EXISTS'"),
    ]

    private static let fencing = [
        Mutant("any token is good", in: "prelude", "return call('HGET', P .. 'ls', gid) == token", "return true"),
        stale("ack", "if not holds(gid, ARGV[2]) then", "if not call('LINDEX', P .. 'l:' .. gid, 0) then"),
        stale("retryLater", "if not holds(gid, ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', gid) then"),
        stale("release", "if not holds(gid, ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', gid) then"),
        stale("failToDead", "if not holds(gid, ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', gid) then"),
        stale("checkpoint", "if not holds(ARGV[1], ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', ARGV[1]) then"),
        stale("speak", "if not holds(ARGV[1], ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', ARGV[1]) then"),
        stale("waiting", "if not holds(ARGV[1], ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', ARGV[1]) then"),
        stale("merge", "if not holds(gid, ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', gid) then"),
        stale("held", "if not holds(gid, ARGV[2]) then", "if not call('ZSCORE', P .. 'fl', gid) then"),
        stale("heartbeat", "if tokens[i] == ARGV[1 + 2 * i] then", "if tokens[i] then"),
        Mutant("heartbeat revives what was given back", in: "heartbeat", "'XX', unpack(kept)", "unpack(kept)")
            .and("if tokens[i] == ARGV[1 + 2 * i] then", "if true then"),
    ]

    private static func stale(_ script: String, _ find: String, _ replacement: String) -> Mutant {
        Mutant("\(script) takes a stale token while somebody holds the group", in: script, find, replacement)
    }

    private static let ending = [
        Mutant("a lease outlives its end", in: "prelude", "  call('ZREM', P .. 'fl', gid)\n", ""),
        Mutant("a token outlives its lease", in: "prelude", "  call('HDEL', P .. 'ls', gid)\n", ""),
        Mutant(
            "the rest of a group is forgotten", in: "prelude",
            "if length > n then ready(gid, 'RPUSH', 0) end", ""),
        Mutant("drop forgets the counters", in: "prelude", "  count(lane, tenant, -n)\n", ""),
        Mutant("drop counts one for many", in: "prelude", "count(lane, tenant, -n)", "count(lane, tenant, -1)"),
        Mutant("attempts outlive their job", in: "prelude", "    call('HDEL', P .. 'at', gid)\n", ""),
        Mutant("crashes outlive their job", in: "prelude", "    call('HDEL', P .. 'cr', gid)\n", ""),
        Mutant("recorded steps outlive their job", in: "prelude", "  call('DEL', unpack(steps))\n", ""),
        Mutant("a merged job stays in its group", in: "merge", "    call('LPOP', list)\n", ""),
        Mutant("merge records nothing", in: "merge", "    call('HSET', steps, ARGV[i + 1], ARGV[i + 2])\n", ""),
        Mutant("merge forgets the counters", in: "merge", "    count(lane, tenant, -1)\n", ""),
        Mutant("merge takes whoever stands there", in: "merge", "or jobOf(second) ~= ARGV[i]", ""),
        Mutant(
            "a job that was begun is merged", in: "merge", " or call('EXISTS', P .. 'cp:' .. ARGV[i]) == 1", ""),
        Mutant("a merge sent twice merges again", in: "merge", "if not known then", "if true then"),
        Mutant("ack of many takes one", in: "ack", "drop(gid, n, length)", "drop(gid, 1, length)"),
        Mutant("ack takes more than there is", in: "ack", "or length < n then", "then"),
        Mutant("the memory grows for ever", in: "ack", "  call('LTRIM', memory, -tonumber(ARGV[5]), -1)\n", ""),
        Mutant(
            "the memory keeps the oldest", in: "ack", "call('LTRIM', memory, -tonumber(ARGV[5]), -1)",
            "call('LTRIM', memory, 0, tonumber(ARGV[5]) - 1)"),
        Mutant(
            "ack forgets what follows", in: "ack", "for i = 8 + lines, #ARGV, 3 do append(",
            "for i = 11 + lines, #ARGV, 3 do append("),
        Mutant("an outage costs an attempt", in: "retryLater", "if ARGV[4] ~= '1' then", "if true then"),
        Mutant("no retry is an attempt", in: "retryLater", "if ARGV[4] ~= '1' then", "if false then"),
        Mutant("a retry is due at once", in: "retryLater", "+ tonumber(ARGV[3])", ""),
        Mutant("a released group goes to the end", in: "release", "'LPUSH'", "'RPUSH'"),
        Mutant(
            "a release is an attempt", in: "release", "endLease(gid)\n",
            "endLease(gid)\ncall('HINCRBY', P .. 'at', gid, 1)\n"),
        Mutant("a released suspect is ready for all", in: "release", "crashes(gid)", "0"),
        Mutant(
            "a dead job is not shown", in: "failToDead",
            "bury(gid, drop(gid, 1, length)[1], ARGV[3], attempts, crashed)",
            "drop(gid, 1, length)"),
    ]

    private static let waking = [
        Mutant("nobody is woken", in: "prelude", "tenant) end\n  wake()\n", "tenant) end\n"),
        Mutant(
            "a wake-up stops at who is gone", in: "prelude", "for _ = 1, 8 do\n    local worker",
            "for _ = 1, 1 do\n    local worker"),
        Mutant(
            "a worker with room is not registered", in: "claim", "if room[1] > 0 then call('ZADD'",
            "if room[1] > 0 and #reply > 3 then call('ZADD'"),
        Mutant(
            "a full worker is registered", in: "claim", "if room[1] > 0 then call('ZADD'", "if true then call('ZADD'"),
        Mutant("a full worker passes nothing on", in: "claim", "      wake()\n      break", "      break"),
        Mutant(
            "a full worker stays registered", in: "claim", "if ARGV[4] ~= 'suspects' then call('ZREM'",
            "if slots > 0 then call('ZREM'"),
    ]

    private static let waiting = [
        Mutant("promote leaves the group delayed", in: "promote", "  call('ZREM', P .. 'dl', gid)\n", ""),
        Mutant("promote does not wait", in: "promote", "'-inf', text(ms)", "'-inf', '+inf'"),
        Mutant(
            "promote takes the shortest due first", in: "promote", "call('ZRANGEBYSCORE', P .. 'dl', '-inf', text(ms)",
            "call('ZREVRANGEBYSCORE', P .. 'dl', text(ms), '-inf'"),
        Mutant("a promoted suspect is ready for all", in: "promote", "crashes(gid)", "0"),
        Mutant("reap does not wait for the end", in: "reap", "'-inf', text(ms)", "'-inf', '+inf'"),
        Mutant(
            "a lease that ran out is an attempt", in: "reap", "  endLease(gid)\n",
            "  endLease(gid)\n  call('HINCRBY', P .. 'at', gid, 1)\n"),
        Mutant("reap counts no crash", in: "reap", "call('HINCRBY', P .. 'cr', gid, 1)", "crashes(gid)"),
        Mutant("a reaped group goes to the end", in: "reap", "'LPUSH'", "'RPUSH'"),
        Mutant("reap leaves the lease", in: "reap", "  endLease(gid)\n", ""),
        Mutant("reap gives no time after an outage", in: "reap", "if ms < from then return 0 end", ""),
        Mutant("a reaper that is always late never reaps", in: "reap", "if not from and last[1]", "if last[1]"),
        Mutant("holders get time once and never again", in: "reap", "  call('HDEL', P .. 'rp', 'from')\n", ""),
    ]

    private static let auditing = [
        Mutant("the audit leaves the lost", in: "audit", "    ready(gid, 'LPUSH', crashes(gid))\n", ""),
        Mutant("the audit leaves a tenant without a turn", in: "audit", "  call('RPUSH', turns, tenant)\n", ""),
        Mutant(
            "the audit leaves a second turn", in: "audit", "if both == 1 then return end",
            "if both >= 1 then return end"),
        Mutant("the audit sees no second entry", in: "audit", "  if n > 1 then\n", "  if false then\n"),
        Mutant("the audit sees no lease without a token", in: "audit", "if leased and not token then", "if false then"),
        Mutant(
            "the audit sees no token without a lease", in: "audit", "elseif token and not leased then",
            "elseif false then"),
        Mutant(
            "the audit sees no group that is leased and delayed", in: "audit", "if leased and delayed then",
            "if false then"),
        Mutant(
            "the audit believes the counters", in: "audit", "if tonumber(counted[i + 1]) ~= real[counted[i]] then",
            "if false then"),
        Mutant(
            "the audit leaves what belongs to no job", in: "audit", "if removed > 0 then repaired('empty', gid) end", ""
        ),
        Mutant(
            "the audit repairs what is sound", in: "audit", "if leased or delayed then\n    if suspect",
            "if leased then\n    if suspect"),
    ]

    private static let operating = [
        Mutant(
            "a paused lane is claimed", in: "claim", "if lengths[i] and not isPaused('lane', lane) then",
            "if lengths[i] then"),
        Mutant("a paused tenant is claimed", in: "claim", "if isPaused('tenant', tenant) then", "if false then"),
        Mutant(
            "a paused tenant's suspects are claimed", in: "claim",
            " and not isPaused('tenant', tenant) then open", " then open"),
        Mutant(
            "a claimed suspect stays among the suspects", in: "claim", "    call('LREM', P .. 'sq', 1, gid)\n", ""),
        Mutant(
            "a paused lane's suspects are claimed", in: "claim", "and not isPaused('lane', lane) and not isPaused",
            "and not isPaused"),
        Mutant(
            "a parked tenant is forgotten", in: "claim", "call('RPUSH', P .. 'pk:' .. lane, tenant)",
            "call('DEL', P .. 'none')"),
        Mutant(
            "resume leaves tenants parked", in: "resume", "call('LREM', P .. 'pk:' .. ARGV[i], 0, ARGV[2]) > 0", "false"
        ),
        Mutant("resume wakes nobody", in: "resume", "for _ = 1, 8 do wake() end", ""),
        Mutant(
            "resume resumes nothing", in: "resume", "call('SREM', P .. 'ps', ARGV[1])",
            "call('SISMEMBER', P .. 'ps', ARGV[1])"),
        Mutant("replay forgets the steps", in: "replay", "if #ARGV > 8 then", "if false then"),
        Mutant("a job that lives is replayed", in: "replay", "if jobOf(record) == ARGV[2] then", "if false then"),
        Mutant(
            "a replay sent twice is two", in: "replay", "if seen then return duplicate",
            "if false then return duplicate"),
    ]
}
