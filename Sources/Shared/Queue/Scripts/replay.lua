-- Puts a dead job back at the end of its group, with the steps it had recorded. One that still stands in its group is
-- left alone: its row is written first, so that it may be on its way out, or run again because its worker was lost.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  job id         ARGV[3]  body
-- ARGV[4]  dedupe key of this replay      ARGV[5]  how long it is remembered, ms
-- ARGV[6]  most jobs in the lane (this shard's share)   ARGV[7]  of the tenant in it   ARGV[8]  of the group
-- ARGV[9…] step, value
-- returns  {"ok"} | {"dup", job id} | {"stands"} | {"full", "lane" | "tenant" | "group"}
-- cost     as enqueue, + 2, and the group's records are read
-- repeat   answers "dup" and changes nothing
--
-- The first write is a SET, so that a full Redis refuses the whole.
local gid, name = ARGV[1], ARGV[4]
if not parts(gid) then return redis.error_reply('BADGROUP ' .. gid) end
local dedupe = P .. 'd:' .. name
local seen = call('GET', dedupe)
if seen then return duplicate(name, seen) end
for _, record in ipairs(call('LRANGE', P .. 'l:' .. gid, 0, -1)) do
  if jobOf(record) == ARGV[2] then return { 'stands' } end
end
local refused = refusal(gid, name, ARGV[6], ARGV[7], ARGV[8])
if refused then return refused end

call('SET', dedupe, seenAs(name, ARGV[2]), 'PX', ARGV[5])
if #ARGV > 8 then call('HSET', P .. 'cp:' .. ARGV[2], unpack(ARGV, 9)) end
append(gid, ARGV[2], ARGV[3], math.floor(micros() / 1000), 0)
return { 'ok' }
