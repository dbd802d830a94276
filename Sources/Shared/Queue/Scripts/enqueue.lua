-- Puts a job at the end of its group, unless it was seen before or there is no room.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  job id         ARGV[3]  body
-- ARGV[4]  dedupe key     ARGV[5]  how long it is remembered, ms
-- ARGV[6]  delay, ms; only used when the group is idle, for a job never overtakes another one
-- ARGV[7]  most jobs in the lane (this shard's share)   ARGV[8]  of the tenant in it   ARGV[9]  of the group
-- returns  {"ok"} | {"dup", id of the first job} | {"full", "lane" | "tenant" | "group"}
-- cost     10 to 12 commands
-- repeat   answers "dup" with the same job id and changes nothing
--
-- The first write is a SET, so that a full Redis refuses the whole.
local gid, dedupe = ARGV[1], P .. 'd:' .. ARGV[4]
local lane, tenant = parts(gid)
if not lane then return redis.error_reply('BADGROUP ' .. gid) end

local lengths = call('HMGET', P .. 'ct', lane, lane .. '|' .. tenant)
local full
if tonumber(lengths[1] or 0) >= tonumber(ARGV[7]) then
  full = 'lane'
elseif tonumber(lengths[2] or 0) >= tonumber(ARGV[8]) then
  full = 'tenant'
elseif call('LLEN', P .. 'l:' .. gid) >= tonumber(ARGV[9]) then
  full = 'group'
end
if full then
  local seen = call('GET', dedupe)
  if seen then return { 'dup', seen } end
  return { 'full', full }
end

if not call('SET', dedupe, ARGV[2], 'NX', 'PX', ARGV[5]) then return { 'dup', call('GET', dedupe) } end
append(gid, ARGV[2], ARGV[3], math.floor(micros() / 1000), tonumber(ARGV[6]))
return { 'ok' }
