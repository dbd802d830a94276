-- Tells the holder of a lease what the claim told, and extends the lease: for a process that works under a lease that
-- another one claimed.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  lease from now, ms
-- returns  as claim for one group, or 0 when the token is stale: then nothing was changed
-- cost     8
-- repeat   reads and extends again
--
-- Begins with a DEL of nothing, as heartbeat does and for the same reason.
local gid = ARGV[1]
if not holds(gid, ARGV[2]) then return 0 end
local ms = math.floor(micros() / 1000)
call('DEL', P .. 'none')
call('ZADD', P .. 'fl', 'XX', text(ms + tonumber(ARGV[3])), gid)
return told(gid, ARGV[2], call('LINDEX', P .. 'l:' .. gid, 0), ms, true)
