-- Reads the jobs behind the head of a leased group, oldest first. For answering several messages as one.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  most jobs to read
-- returns  {record, …}, or 0 when the token is stale
-- cost     2
-- repeat   reads again
if not holds(ARGV[1], ARGV[2]) then return 0 end
return call('LRANGE', P .. 'l:' .. ARGV[1], 1, ARGV[3])
