-- Stands before every script. KEYS[1] is the shard's prefix, "rj:{s07}:"; every other key is made from it, so that
-- a script touches one slot. A record of a job's list is "<enqueued at, ms>|<job id>|<body>".
-- A group ("gid") is "lane|tenant|conversation". A record of another form is worked off too: as one of no job, just now
-- enqueued.
local P, call = KEYS[1], redis.call

-- A group whose head has taken this many workers along is ready for a quarantine worker only.
local SUSPECT = 2

local function micros()
  local t = call('TIME')
  return t[1] * 1000000 + t[2]
end

-- A number as an integer in decimal; tostring would write 1.7e+15.
local function text(n) return string.format('%.0f', n) end

local function parts(gid) return string.match(gid, '^([^|]+)|([^|]+)|.') end

local function jobOf(record) return string.match(record, '^%d+|([^|]*)|') or '' end

-- The lengths of a lane and of a tenant in it. A length of nothing has no field.
local function count(lane, tenant, by)
  local ct = P .. 'ct'
  if call('HINCRBY', ct, lane, by) == 0 then call('HDEL', ct, lane) end
  local both = lane .. '|' .. tenant
  if call('HINCRBY', ct, both, by) == 0 then call('HDEL', ct, both) end
end

-- Tells one waiting worker that this shard has work. Who does not listen is gone: then the next one, at most 8.
local function wake()
  for _ = 1, 8 do
    local worker = call('ZPOPMIN', P .. 'idle')[1]
    if not worker then return end
    if call('PUBLISH', 'rj:wake:' .. worker, string.match(P, '(%d+)}')) > 0 then return end
  end
end

-- The one door: makes a group runnable and wakes somebody. The group must be in no list, not leased, not delayed.
-- push: 'RPUSH' behind the tenant's other groups, 'LPUSH' before them.
local function ready(gid, push, crashes)
  if crashes >= SUSPECT then
    call(push, P .. 'sq', gid)
    return
  end
  local lane, tenant = parts(gid)
  if call(push, P .. 'g:' .. lane .. ':' .. tenant, gid) == 1 then call('RPUSH', P .. 't:' .. lane, tenant) end
  wake()
end

-- Of the head: attempts that failed, and leases that ran out. A job that goes well leaves no field, so
-- that for most shards neither key exists.
local function failures(gid) return tonumber(call('HGET', P .. 'at', gid) or 0) end

local function crashes(gid) return tonumber(call('HGET', P .. 'cr', gid) or 0) end

local function anyFailed() return call('EXISTS', P .. 'at', P .. 'cr') > 0 end

-- A job at the end of its group; the group becomes ready, or delayed, if it was idle.
local function append(gid, job, body, ms, delay)
  local lane, tenant = parts(gid)
  local length = call('RPUSH', P .. 'l:' .. gid, text(ms) .. '|' .. job .. '|' .. body)
  count(lane, tenant, 1)
  if length > 1 then return end
  if delay > 0 then call('ZADD', P .. 'dl', text(ms + delay), gid) else ready(gid, 'RPUSH', 0) end
end

-- What is kept of a message that was seen: "1" when it is known by its job's id, else "=" and that id. Redis keeps one
-- "1" for all keys, which saves 64 bytes a message as long as it is remembered.
local function seenAs(name, job) return name == job and '1' or '=' .. job end

-- The answer to a repeat.
local function duplicate(name, value) return { 'dup', value == '1' and name or string.sub(value, 2) } end

-- Why a job is not taken: the answer to whoever wants to enqueue it; nil when there is room. A repeat is no matter of
-- room.
local function refusal(gid, name, laneLimit, tenantLimit, groupLimit)
  local lane, tenant = parts(gid)
  local lengths = call('HMGET', P .. 'ct', lane, lane .. '|' .. tenant)
  local full
  if tonumber(lengths[1] or 0) >= tonumber(laneLimit) then
    full = 'lane'
  elseif tonumber(lengths[2] or 0) >= tonumber(tenantLimit) then
    full = 'tenant'
  elseif call('LLEN', P .. 'l:' .. gid) >= tonumber(groupLimit) then
    full = 'group'
  end
  if not full then return end
  local seen = call('GET', P .. 'd:' .. name)
  if seen then return duplicate(name, seen) end
  return { 'full', full }
end

-- What the holder of a lease is told.
local function told(gid, token, record, ms, failed)
  local enqueued, job = string.match(record, '^(%d+)|([^|]*)|')
  return {
    gid, token, 1 + (failed and failures(gid) or 0), failed and crashes(gid) or 0, ms - tonumber(enqueued or ms), call('LLEN', P .. 'l:' .. gid) - 1, record,
    call('HGETALL', P .. 'cp:' .. (job or ''))
  }
end

local function holds(gid, token) return call('HGET', P .. 'ls', gid) == token end

-- Begins with a ZREM, so that the scripts that drain go on when Redis is full.
local function endLease(gid)
  call('ZREM', P .. 'fl', gid)
  call('HDEL', P .. 'ls', gid)
end

-- Removes n heads and all that is known of them, makes the rest ready at the tail. Returns the records.
-- The group holds so many jobs, n or more, and must not be leased any more.
local function drop(gid, n, length)
  local lane, tenant = parts(gid)
  local records = call('LPOP', P .. 'l:' .. gid, n)
  local steps = {}
  for i, record in ipairs(records) do steps[i] = P .. 'cp:' .. jobOf(record) end
  call('DEL', unpack(steps))
  if anyFailed() then
    call('HDEL', P .. 'at', gid)
    call('HDEL', P .. 'cr', gid)
  end
  count(lane, tenant, -n)
  if length > n then ready(gid, 'RPUSH', 0) end
  return records
end

-- The capped view of what will not run, about 130 bytes each. The durable copy, with the record, is in Postgres.
local function bury(gid, record, reason, attempts, crashed)
  call('XADD', P .. 'dead', 'MAXLEN', '~', '1000', '*', 'group', gid, 'reason', reason, 'attempts', attempts,
    'crashes', crashed, 'job', jobOf(record))
end
