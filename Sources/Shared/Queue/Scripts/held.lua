-- Tells the holder of a lease what the claim told: for a process that works under a lease that another one claimed.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token
-- returns  as claim for one group, or 0 when the token is stale
-- cost     6
-- repeat   reads again
local gid = ARGV[1]
if not holds(gid, ARGV[2]) then return 0 end
local record = call('LINDEX', P .. 'l:' .. gid, 0)
return told(gid, ARGV[2], tonumber(call('HGET', P .. 'at', gid) or 0), record, math.floor(micros() / 1000))
