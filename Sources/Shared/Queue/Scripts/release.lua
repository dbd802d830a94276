-- Gives a leased group back unworked, before the tenant's others; it was no attempt. For a worker that shuts down.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token
-- returns  1, or 0 when the token is stale: then nothing was changed
-- cost     7
-- repeat   answers 0
--
-- The first write is a ZREM.
local gid = ARGV[1]
if not holds(gid, ARGV[2]) then return 0 end
endLease(gid)
ready(gid, 'LPUSH', crashes(gid))
return 1
