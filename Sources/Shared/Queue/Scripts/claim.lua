-- Leases up to `slots` ready groups to a worker, each with a token that only grows.
--
-- Each lane first gives its quota, then every lane in turn what is still free, and one tenant after the other in a
-- lane. Fewer than asked: the worker is registered as idle by the same step, so that nothing can become ready
-- between looking and waiting. No slots asked: the worker is taken off the idle list, and if there is work,
-- somebody else is woken in its place.
--
-- A tenant that holds too much of the worker is passed over and keeps its turn, for another worker or for when it has
-- given slots back. Nobody else is woken for it: this worker looks again then, others look once a second.
--
-- A paused lane is passed over. A paused tenant whose turn comes is parked: it has no turns until it is resumed.
--
-- Suspects of a paused lane or tenant stay where they are and are not counted. While something is paused only the first
-- 100 suspects are looked at, and those behind wait.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  worker         ARGV[2]  slots, 0...32      ARGV[3]  lease, ms
-- ARGV[4]  "lanes", or "suspects": only groups whose head crashed workers
-- ARGV[5]  slots that lanes of class 2 and 3 may take together     ARGV[6]  of class 3
-- ARGV[7]  slots that the worker has free, the asked ones among them
-- ARGV[8]  a tenant that holds this many times what is free for a lane's class is full in it; 0: no tenant ever is
-- ARGV[9]  number of tenants that hold slots of the worker, as far as they could be full
-- then     tenant, slots that it holds
-- then     lane, class (1...3), quota, limit; in order of preference
-- returns  {number of suspects that could be claimed, 1 if other ready groups are left in these lanes else 0,
--          {lane, tenant, …} of those passed over because they are full,
--          {gid, token, attempts, crashes, ms since enqueued, jobs behind it, record, {step, value, …}}, …}
-- cost     8 + 8 a group, + 1 a full tenant and + 1 a lane that has one, + 2 while jobs of the shard have failed; while something is paused + 1 a lane, + 1 a tenant
--          and + 2 a suspect
-- repeat   takes further groups. What the first call took is nobody's until its lease runs out and it is reaped;
--          that is why first leases are short.
--
-- The first write is a ZREM, or for suspects an LREM.
local worker, slots, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local us = micros()
local ms = math.floor(us / 1000)
local token = math.max(tonumber(call('GET', P .. 'tk') or 0), us - 1)
local room = { slots, tonumber(ARGV[5]), tonumber(ARGV[6]) }
local beyond, mostTimesFree = tonumber(ARGV[7]) - slots, tonumber(ARGV[8])
local firstLane, held, full = 10 + 2 * tonumber(ARGV[9]), {}, {}
for i = 10, firstLane - 1, 2 do held[ARGV[i]] = tonumber(ARGV[i + 1]) end
local failed = anyFailed()

local pauses = call('EXISTS', P .. 'ps') == 1
local function isPaused(kind, name) return pauses and call('SISMEMBER', P .. 'ps', kind .. ':' .. name) == 1 end

local suspects = call('LRANGE', P .. 'sq', 0, 99)
if pauses then
  local open = {}
  for _, gid in ipairs(suspects) do
    local lane, tenant = parts(gid)
    if lane and not isPaused('lane', lane) and not isPaused('tenant', tenant) then open[#open + 1] = gid end
  end
  suspects = open
end
local reply = { #suspects, 0, {} }

if ARGV[4] ~= 'suspects' then call('ZREM', P .. 'idle', worker) end
if slots == 0 then
  for i = firstLane, #ARGV, 4 do
    if call('EXISTS', P .. 't:' .. ARGV[i]) == 1 and not isPaused('lane', ARGV[i]) then
      wake()
      break
    end
  end
  return reply
end

local function take(gid)
  local record = call('LINDEX', P .. 'l:' .. gid, 0)
  if not record then return false end
  token = token + 1
  call('HSET', P .. 'ls', gid, text(token))
  call('ZADD', P .. 'fl', text(ms + lease), gid)
  reply[#reply + 1] = told(gid, text(token), record, ms, failed)
  return true
end

local function roomFor(class)
  local least = room[1]
  for i = 2, class do
    if room[i] < least then least = room[i] end
  end
  return least
end

local function isFull(tenant, class)
  local free = room[1] + beyond
  for c = 2, class do free = math.min(free, room[c]) end
  return mostTimesFree > 0 and (held[tenant] or 0) >= mostTimesFree * free
end

-- Takes up to n groups of a lane, one tenant after the other. Returns how many.
local function takeFrom(lane, class, n)
  local tenants, taken = P .. 't:' .. lane, 0
  while taken < n and roomFor(class) > 0 do
    local tenant = call('LPOP', tenants)
    if not tenant then break end
    if isPaused('tenant', tenant) then
      call('RPUSH', P .. 'pk:' .. lane, tenant)
    elseif isFull(tenant, class) then
      full[lane] = full[lane] or {}
      table.insert(full[lane], 1, tenant)
    else
      local groups = P .. 'g:' .. lane .. ':' .. tenant
      local gid = call('LPOP', groups)
      if call('EXISTS', groups) == 1 then call('RPUSH', tenants, tenant) end
      if gid and take(gid) then
        taken = taken + 1
        held[tenant] = (held[tenant] or 0) + 1
        for i = 1, class do room[i] = room[i] - 1 end
      end
    end
  end
  return taken
end

if ARGV[4] == 'suspects' then
  for _, gid in ipairs(suspects) do
    if #reply == slots + 3 then break end
    call('LREM', P .. 'sq', 1, gid)
    take(gid)
  end
else
  local lanes = {}
  for i = firstLane, #ARGV, 4 do lanes[#lanes + 1] = ARGV[i] end
  local lengths = call('HMGET', P .. 'ct', unpack(lanes))
  local limits, tenants = {}, {}
  for i, lane in ipairs(lanes) do
    local at = firstLane + 4 * i - 4
    limits[i] = 0
    if lengths[i] and not isPaused('lane', lane) then
      limits[i] = tonumber(ARGV[at + 3])
      tenants[#tenants + 1] = P .. 't:' .. lane
    end
    limits[i] = limits[i] - takeFrom(lane, tonumber(ARGV[at + 1]), math.min(limits[i], tonumber(ARGV[at + 2])))
  end
  for i, lane in ipairs(lanes) do takeFrom(lane, tonumber(ARGV[firstLane + 4 * i - 3]), limits[i]) end
  if #tenants > 0 and call('EXISTS', unpack(tenants)) > 0 then reply[2] = 1 end
  for _, lane in ipairs(lanes) do
    if full[lane] then
      call('LPUSH', P .. 't:' .. lane, unpack(full[lane]))
      for _, tenant in ipairs(full[lane]) do
        table.insert(reply[3], lane)
        table.insert(reply[3], tenant)
      end
    end
  end
  if room[1] > 0 then call('ZADD', P .. 'idle', text(ms), worker) end
end

if #reply > 3 then call('SET', P .. 'tk', text(token)) end
return reply
