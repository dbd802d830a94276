-- Gives a leased group back, to be ready again after a wait.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  wait, ms
-- ARGV[4]  1: it was no attempt, because an outage ended it; else 0
-- returns  1, or 0 when the token is stale: then nothing was changed
-- cost     5 or 6
-- repeat   answers 0
--
-- The first write is a ZREM.
local gid = ARGV[1]
if not holds(gid, ARGV[2]) then return 0 end
endLease(gid)
if ARGV[4] ~= '1' then call('HINCRBY', P .. 'at', gid, 1) end
call('ZADD', P .. 'dl', text(math.floor(micros() / 1000) + tonumber(ARGV[3])), gid)
return 1
