-- Ends a lease without success: the head goes to the dead, the next job of the group is ready.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  reason
-- returns  1, or 0 when the token is stale: then nothing was changed
-- cost     15
-- repeat   answers 0
--
-- The first write is a ZREM.
local gid = ARGV[1]
if not holds(gid, ARGV[2]) then return 0 end
local attempts, crashed, length = 1 + failures(gid), crashes(gid), call('LLEN', P .. 'l:' .. gid)
endLease(gid)
bury(gid, drop(gid, 1, length)[1], ARGV[3], attempts, crashed)
return 1
