-- Looks at what a shard holds, for an operator: lane by lane, then what stands beside the lanes.
--
-- Numbers of jobs and groups are exact. Ages are looked for in a few places only, so that the cost has a bound
-- whatever the backlog: at the heads of some ready groups of each lane, those next in turn, parked tenants' too, and
-- behind some leased ones. Which lane a lease belongs to is looked up for so many leases.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  groups to look at in each lane, ready and leased each, 1...100      ARGV[2]  leases to look at, 1...1000
-- ARGV[3…] lanes
-- returns  {jobs, leases among those looked at, ms that the oldest one found waits or -1, 1 if paused else 0} of
--          each lane in one list, then leases, leases looked at, groups delayed, suspects, dead in the view
-- cost     6 + 1 a lane; a lane with jobs + 2, + 1 a tenant and + 1 a group looked at
-- repeat   looks again
local groups, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local ms = math.floor(micros() / 1000)
local lanes, leased, oldest = {}, {}, {}
for i = 3, #ARGV do
  lanes[#lanes + 1] = ARGV[i]
  leased[ARGV[i]] = 0
end

-- Looks at the job at this place of a group's list.
local function look(lane, gid, place)
  local record = call('LINDEX', P .. 'l:' .. gid, place)
  local since = record and tonumber(string.match(record, '^(%d+)|'))
  if since and (not oldest[lane] or since < oldest[lane]) then oldest[lane] = since end
end

local leases = call('ZRANGE', P .. 'fl', 0, most - 1)
for _, gid in ipairs(leases) do
  local lane = parts(gid)
  if leased[lane] then
    leased[lane] = leased[lane] + 1
    if leased[lane] <= groups then look(lane, gid, 1) end
  end
end

local function lookAtReady(lane)
  local tenants = call('LRANGE', P .. 't:' .. lane, 0, groups - 1)
  if #tenants < groups then
    for _, tenant in ipairs(call('LRANGE', P .. 'pk:' .. lane, 0, groups - #tenants - 1)) do
      tenants[#tenants + 1] = tenant
    end
  end
  for _, tenant in ipairs(tenants) do
    local last = math.floor(groups / #tenants) - 1
    for _, gid in ipairs(call('LRANGE', P .. 'g:' .. lane .. ':' .. tenant, 0, last)) do look(lane, gid, 0) end
  end
end

local lengths = call('HMGET', P .. 'ct', unpack(lanes))
local reply = {}
for i, lane in ipairs(lanes) do
  if lengths[i] then lookAtReady(lane) end
  reply[#reply + 1] = tonumber(lengths[i] or 0)
  reply[#reply + 1] = leased[lane]
  reply[#reply + 1] = oldest[lane] and math.max(0, ms - oldest[lane]) or -1
  reply[#reply + 1] = call('SISMEMBER', P .. 'ps', 'lane:' .. lane)
end
reply[#reply + 1] = call('ZCARD', P .. 'fl')
reply[#reply + 1] = #leases
reply[#reply + 1] = call('ZCARD', P .. 'dl')
reply[#reply + 1] = call('LLEN', P .. 'sq')
reply[#reply + 1] = call('XLEN', P .. 'dead')
return reply
