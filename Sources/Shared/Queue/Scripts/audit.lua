-- Looks for what no sequence of steps leaves behind, and repairs it. A repair tells of a fault: of ours, of somebody
-- who changed keys by hand, or of a Redis that lost some.
--
-- A shard that holds little is looked at whole, the counters included. Of a larger one only the groups named are,
-- each by itself, and whether lanes with ready groups are counted at all.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  most groups of a shard that is looked at whole; 0: not whole
-- ARGV[2]  most entries of a list that is always searched; of longer ones ten times as many in all, and what stands in
--          further ones is left for another time
-- ARGV[3]  number of lanes, then all lanes
-- then     gids of job lists, as a scan of the keyspace found them
-- returns  {kind, what, kind, what, …}, kind one of: lost, turnless, extra_turn, twice, tokenless, leaseless, empty,
--          forgotten, miscounted
-- cost     a group 8 and a search in its tenant's ready list; a whole shard + 30, + 4 a tenant
-- repeat   finds nothing
--
-- The first write is a DEL of nothing. Lua has no rollback, but each repair here stands by itself.
local whole, longest, lanes = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
for i = 4, 3 + tonumber(ARGV[3]) do lanes[#lanes + 1] = ARGV[i] end
local found = {}
local function repaired(kind, what)
  found[#found + 1] = kind
  found[#found + 1] = what
end
call('DEL', P .. 'none')

local function readyList(gid)
  local lane, tenant = parts(gid)
  return P .. 'g:' .. lane .. ':' .. tenant
end

-- Removes a group from a list that it may not be in.
local function outOf(gid, key, where)
  if call('LREM', key, 0, gid) > 0 then repaired('twice', gid .. ' in ' .. where) end
end

-- Entries of long lists that this script may still search.
local budget = 10 * longest

-- How often a value stands in a list; nil when that is not known, because the list is too long to be searched.
local function times(key, value)
  local length = call('LLEN', key)
  if length > longest then
    if length > budget then return end
    budget = budget - length
  end
  return #call('LPOS', key, value, 'COUNT', 0)
end

-- A tenant with ready groups has one turn, among the others or among the parked.
local turnsKnown = {}
local function checkTurn(lane, tenant)
  local turns, parked = P .. 't:' .. lane, P .. 'pk:' .. lane
  if turnsKnown[lane .. '|' .. tenant] then return end
  turnsKnown[lane .. '|' .. tenant] = true
  local n, other = times(turns, tenant), times(parked, tenant)
  if not n or not other then return end
  local both = n + other
  if both == 1 then return end
  if both > 1 then
    call('LREM', parked, 0, tenant)
    call('LREM', turns, 0, tenant)
  end
  call('RPUSH', turns, tenant)
  repaired(both == 0 and 'turnless' or 'extra_turn', lane .. '|' .. tenant)
  if both == 0 then wake() end
end

-- Whether a group stands in a list, in which it then stands once; nil when that is not known.
local function standsIn(key, gid, where)
  local n = times(key, gid)
  if not n then return end
  if n > 1 then
    call('LREM', key, 1 - n, gid)
    repaired('twice', gid .. ' in ' .. where)
  end
  return n > 0
end

local function enqueuedAt(gid)
  local head = call('LINDEX', P .. 'l:' .. gid, 0)
  return head and tonumber(string.match(head, '^(%d+)|')) or 0
end

-- Whether the group stands in its tenant's ready list; nil when that is not known. A long list is first in, first out but
-- for retries: who came after the one in front is behind it, and is not searched for.
local function isReady(gid)
  local list = readyList(gid)
  if call('LLEN', list) > longest and enqueuedAt(gid) >= enqueuedAt(call('LINDEX', list, 0)) then return true end
  return standsIn(list, gid, 'g')
end

local function checkGroup(gid)
  local lane, tenant = parts(gid)
  if not lane then return end
  local leased, delayed = call('ZSCORE', P .. 'fl', gid), call('ZSCORE', P .. 'dl', gid)
  local token = call('HEXISTS', P .. 'ls', gid) == 1
  if call('EXISTS', P .. 'l:' .. gid) == 0 then
    if leased or delayed then
      call('ZREM', P .. 'fl', gid)
      call('ZREM', P .. 'dl', gid)
      call('HDEL', P .. 'ls', gid)
      repaired('empty', gid)
    end
    return
  end
  if leased and not token then
    call('ZREM', P .. 'fl', gid)
    leased = false
    repaired('tokenless', gid)
  elseif token and not leased then
    call('HDEL', P .. 'ls', gid)
    repaired('leaseless', gid)
  end
  if leased and delayed then
    call('ZREM', P .. 'dl', gid)
    repaired('twice', gid .. ' in dl')
  end
  local suspect = standsIn(P .. 'sq', gid, 'sq')
  if suspect == nil and crashes(gid) >= SUSPECT then return end
  if leased or delayed then
    if suspect then outOf(gid, P .. 'sq', 'sq') end
    if call('LLEN', readyList(gid)) <= longest then outOf(gid, readyList(gid), 'g') end
  elseif suspect then
    if call('LLEN', readyList(gid)) <= longest then outOf(gid, readyList(gid), 'g') end
  else
    local stands = isReady(gid)
    if stands then
      checkTurn(lane, tenant)
    elseif stands == false then
      ready(gid, 'LPUSH', crashes(gid))
      repaired('lost', gid)
    end
  end
end

-- The groups of a shard, by all that tells of them; nil when they are too many.
local function groups(named)
  local all, n = {}, 0
  local function add(list)
    for _, gid in ipairs(list) do
      if not all[gid] then
        all[gid] = true
        n = n + 1
      end
    end
  end
  add(named)
  for _, key in ipairs({ 'fl', 'dl' }) do
    if call('ZCARD', P .. key) > whole then return end
    add(call('ZRANGE', P .. key, 0, -1))
  end
  for _, key in ipairs({ 'ls', 'at', 'cr' }) do
    if call('HLEN', P .. key) > whole then return end
    add(call('HKEYS', P .. key))
  end
  if call('LLEN', P .. 'sq') > whole then return end
  add(call('LRANGE', P .. 'sq', 0, -1))
  local tenants = {}
  for _, lane in ipairs(lanes) do
    for _, key in ipairs({ 't:', 'pk:' }) do
      for _, tenant in ipairs(call('LRANGE', P .. key .. lane, 0, whole)) do tenants[lane .. '|' .. tenant] = true end
    end
  end
  for _, field in ipairs(call('HKEYS', P .. 'ct')) do
    if string.find(field, '|', 1, true) then tenants[field] = true end
  end
  for field in pairs(tenants) do
    local lane, tenant = string.match(field, '^([^|]+)|(.+)$')
    if lane then
      local list = P .. 'g:' .. lane .. ':' .. tenant
      if call('LLEN', list) > whole then return end
      add(call('LRANGE', list, 0, -1))
      if n > whole then return end
    end
  end
  return all
end

local function checkWhole(all)
  local real = {}
  for gid in pairs(all) do
    local n = call('LLEN', P .. 'l:' .. gid)
    local lane, tenant = parts(gid)
    if n > 0 and lane then
      checkGroup(gid)
      real[lane] = (real[lane] or 0) + n
      real[lane .. '|' .. tenant] = (real[lane .. '|' .. tenant] or 0) + n
    else
      local removed = call('ZREM', P .. 'fl', gid) + call('ZREM', P .. 'dl', gid) + call('HDEL', P .. 'ls', gid)
        + call('LREM', P .. 'sq', 0, gid) + (lane and call('LREM', readyList(gid), 0, gid) or 0)
      if removed > 0 then repaired('empty', gid) end
      if call('HDEL', P .. 'at', gid) + call('HDEL', P .. 'cr', gid) > 0 then repaired('forgotten', gid) end
    end
  end
  local counted = call('HGETALL', P .. 'ct')
  for i = 1, #counted, 2 do
    if tonumber(counted[i + 1]) ~= real[counted[i]] then
      if real[counted[i]] then
        call('HSET', P .. 'ct', counted[i], real[counted[i]])
      else
        call('HDEL', P .. 'ct', counted[i])
      end
      repaired('miscounted', counted[i])
    end
    real[counted[i]] = nil
  end
  for field, n in pairs(real) do
    call('HSET', P .. 'ct', field, n)
    repaired('miscounted', field)
  end
end

-- A lane is claimed only while it has a counter. What it comes to is set right when the shard is looked at whole; until
-- then it is the sum of its tenants'.
local function checkLanes()
  local lengths = call('HMGET', P .. 'ct', unpack(lanes))
  for i, lane in ipairs(lanes) do
    if not lengths[i] and call('EXISTS', P .. 't:' .. lane, P .. 'pk:' .. lane) > 0 then
      local sum, counted = 0, call('HGETALL', P .. 'ct')
      for j = 1, #counted, 2 do
        if string.match(counted[j], '^([^|]+)|') == lane then sum = sum + tonumber(counted[j + 1]) end
      end
      call('HSET', P .. 'ct', lane, text(math.max(1, sum)))
      repaired('miscounted', lane)
    end
  end
end

local named = {}
for i = 4 + #lanes, #ARGV do named[#named + 1] = ARGV[i] end
local all = whole > 0 and groups(named)
if all then
  checkWhole(all)
else
  checkLanes()
  -- From another one each time, so that each is once the first to search a long list.
  local first = micros()
  for i = 1, #named do checkGroup(named[1 + (first + i) % #named]) end
end
return found
