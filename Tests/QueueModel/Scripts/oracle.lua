-- Reads all that Redis holds, by itself: it shares no line with the scripts it judges.
--
-- KEYS[1]  the prefix of the only shard
-- returns  {what contradicts QUEUE's rules, a line each;
--           what there is, a line each, times as "now" or "later";
--           a hash of the times and of the last token;
--           groups by the end of their lease; groups by when they are due; workers by how long they wait}
local P, call = KEYS[1], redis.call
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local problems, lines, raw = {}, {}, {}

local function bad(...) problems[#problems + 1] = table.concat({ ... }, ' ') end
local function line(name, words) lines[#lines + 1] = name .. ' ' .. table.concat(words, ' ') end

-- A hash as a table.
local function fields(key)
  local flat, all = call('HGETALL', key), {}
  for i = 1, #flat, 2 do all[flat[i]] = flat[i + 1] end
  return all
end

-- A sorted set's members in order, and each one's score.
local function scores(key)
  local flat, order, all = call('ZRANGE', key, 0, -1, 'WITHSCORES'), {}, {}
  for i = 1, #flat, 2 do
    order[#order + 1] = flat[i]
    all[flat[i]] = tonumber(flat[i + 1])
  end
  raw[key] = table.concat(flat, ' ')
  return order, all
end

local function names(group)
  local lane, tenant = string.match(group, '^([^|]+)|([^|]+)|.')
  return lane, tenant
end

local jobs, ready, turns, parked, steps = {}, {}, {}, {}, {}
local suspects, tokens, attempts, crashes, counters, paused = {}, {}, {}, {}, {}, {}
local leased, deadlines, delayed, due, idle = {}, {}, {}, {}, {}

local whole = {
  sq = function(key) suspects = call('LRANGE', key, 0, -1) end,
  fl = function(key) leased, deadlines = scores(key) end,
  dl = function(key) delayed, due = scores(key) end,
  idle = function(key) idle = scores(key) end,
  ls = function(key) tokens = fields(key) end,
  at = function(key) attempts = fields(key) end,
  cr = function(key) crashes = fields(key) end,
  ct = function(key) counters = fields(key) end,
  ps = function(key) for _, name in ipairs(call('SMEMBERS', key)) do paused[name] = true end end,
  tk = function(key) raw[key] = call('GET', key) end,
  rp = function(key)
    if tonumber(call('HGET', key, 'from') or 0) > now then lines[#lines + 1] = 'grace' end
  end,
  dead = function() end,
}
local each = {
  l = function(key, name) jobs[name] = call('LRANGE', key, 0, -1) end,
  g = function(key, name) ready[name] = call('LRANGE', key, 0, -1) end,
  t = function(key, name) turns[name] = call('LRANGE', key, 0, -1) end,
  pk = function(key, name) parked[name] = call('LRANGE', key, 0, -1) end,
  cp = function(key, name) steps[name] = fields(key) end,
  h = function(key, name) line('h ' .. name, call('LRANGE', key, 0, -1)) end,
  -- Who has a conversation, and what was said in it: beside the queue, and gone by themselves.
  hu = function() end,
  rm = function() end,
  sx = function() end,
}
-- Remembered messages are many, and only counted.
local keys = call('KEYS', '[^r]*')
for _, pattern in ipairs({ '[^d]*', 'd[^:]*' }) do
  for _, key in ipairs(call('KEYS', 'rj:{s??}:' .. pattern)) do keys[#keys + 1] = key end
end
local seen = call('DBSIZE') - #keys
for _, key in ipairs(keys) do
  local name = string.sub(key, #P + 1)
  local kind, rest = string.match(name, '^(%l+):(.+)$')
  local read = kind and each[kind] or whole[name]
  if string.sub(key, 1, #P) == P and read then read(key, rest) else bad('nobody knows the key', key) end
end

-- Every group with jobs is in one place, and every place has such groups only.
local place, jobCount, lengths = {}, {}, {}
local function put(group, where)
  if place[group] then bad(group, 'is in', place[group], 'and in', where) end
  if not jobs[group] then bad(group, 'is in', where, 'and has no jobs') end
  place[group] = where
end
for name, groups in pairs(ready) do
  for _, group in ipairs(groups) do
    local lane, tenant = names(group)
    if lane .. ':' .. tenant ~= name then bad(group, 'is ready in', name) end
    if tonumber(crashes[group] or 0) >= 2 then bad(group, 'is a suspect and ready for all') end
    put(group, 'g:' .. name)
  end
  line('g ' .. name, groups)
end
for _, group in ipairs(suspects) do
  if tonumber(crashes[group] or 0) < 2 then bad(group, 'is no suspect') end
  put(group, 'sq')
end
for _, group in ipairs(leased) do
  put(group, 'fl')
  if not tokens[group] then bad(group, 'is leased without a token') end
  line('fl', { group, deadlines[group] <= now and 'now' or 'later', tokens[group] })
end
for group in pairs(tokens) do
  if not deadlines[group] then bad(group, 'has a token without a lease') end
end
for _, group in ipairs(delayed) do
  put(group, 'dl')
  line('dl', { group, due[group] <= now and 'now' or 'later' })
end

-- A tenant has one turn in a lane, or is parked there, exactly if it has ready groups in it.
local standing = {}
for where, lists in pairs({ t = turns, pk = parked }) do
  for lane, tenants in pairs(lists) do
    for _, tenant in ipairs(tenants) do
      local name = lane .. ':' .. tenant
      if standing[name] then bad(tenant, 'stands twice in', lane) end
      if not ready[name] then bad(tenant, 'has a turn in', lane, 'and no groups') end
      if where == 'pk' and not paused['tenant:' .. tenant] then bad(tenant, 'is parked in', lane, 'and not paused') end
      standing[name] = true
    end
    line(where .. ' ' .. lane, tenants)
  end
end
for name in pairs(ready) do
  if not standing[name] then bad(name, 'has no turn') end
end

-- Jobs are there once, and counted.
for group, records in pairs(jobs) do
  if not place[group] then bad(group, 'is in no place') end
  local ids = {}
  for i, record in ipairs(records) do
    local id = string.match(record, '^%d+|([^|]+)|.')
    if not id then bad(group, 'has a record that is none:', record) end
    ids[i] = id or '?'
    if jobCount[ids[i]] then bad(ids[i], 'is there twice') end
    jobCount[ids[i]] = 1
  end
  lines[#lines + 1] = table.concat({
    'l', group, attempts[group] or '0', crashes[group] or '0', table.concat(ids, ' ')
  }, ' ')
  local lane, tenant = names(group)
  for _, field in ipairs({ lane, lane .. '|' .. tenant }) do lengths[field] = (lengths[field] or 0) + #records end
end
for field, count in pairs(counters) do
  if tonumber(count) ~= lengths[field] then bad(field, 'counts', count, 'and has', tostring(lengths[field])) end
  line('ct', { field, count })
end
for field in pairs(lengths) do
  if not counters[field] then bad(field, 'is not counted') end
end

-- Nothing is known of what is gone.
for name, all in pairs({ at = attempts, cr = crashes }) do
  for group, count in pairs(all) do
    if not jobs[group] or tonumber(count) <= 0 then bad(name, 'remembers', group, count) end
  end
end
for job, all in pairs(steps) do
  if not jobCount[job] then bad('steps are kept of', job) end
  local words = {}
  for step, value in pairs(all) do words[#words + 1] = step .. '=' .. value end
  table.sort(words)
  line('cp ' .. job, words)
end

if #suspects > 0 then line('sq', suspects) end
for name in pairs(paused) do line('ps', { name }) end
local sorted = { unpack(idle) }
table.sort(sorted)
if #idle > 0 then line('idle', sorted) end
line('d', { seen })
local last = ''
for _, entry in ipairs(call('XREVRANGE', P .. 'dead', '+', '-', 'COUNT', 1)) do
  local all = {}
  for i = 1, #entry[2], 2 do all[entry[2][i]] = entry[2][i + 1] end
  last = table.concat({
    all.group, all.reason, all.attempts, all.crashes, all.job
  }, ' ')
end
line('dead', { call('XLEN', P .. 'dead'), last })
local times = {}
for i, name in ipairs({ 'fl', 'dl', 'idle', 'tk' }) do times[i] = raw[P .. name] or '' end
table.sort(lines)
return {
  table.concat(problems, '\n'), table.concat(lines, '\n'), redis.sha1hex(table.concat(times, '\n')),
  table.concat(leased, ' '), table.concat(delayed, ' '), table.concat(idle, ' ')
}
