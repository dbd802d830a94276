-- Puts a job at the end of its group, unless it was seen before or there is no room.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  job id         ARGV[3]  body
-- ARGV[4]  dedupe key     ARGV[5]  how long it is remembered, ms
-- ARGV[6]  most jobs in the lane (this shard's share)   ARGV[7]  of the tenant in it   ARGV[8]  of the group
-- ARGV[9]  delay, ms; only used when the group is idle, for a job never overtakes another one
-- returns  {"ok"} | {"dup", id of the first job} | {"full", "lane" | "tenant" | "group"}
-- cost     10 to 12 commands
-- repeat   answers "dup" with the same job id and changes nothing
--
-- The first write is a SET, so that a full Redis refuses the whole.
local gid, name = ARGV[1], ARGV[4]
if not parts(gid) then return redis.error_reply('BADGROUP ' .. gid) end
local refused = refusal(gid, name, ARGV[6], ARGV[7], ARGV[8])
if refused then return refused end

local dedupe = P .. 'd:' .. name
if not call('SET', dedupe, seenAs(name, ARGV[2]), 'NX', 'PX', ARGV[5]) then
  return duplicate(name, call('GET', dedupe))
end
append(gid, ARGV[2], ARGV[3], math.floor(micros() / 1000), tonumber(ARGV[9]))
return { 'ok' }
