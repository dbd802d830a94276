-- Records steps of the job at the head of a leased group, for whoever takes it over.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  job id
-- ARGV[4…] step, value
-- returns  1, or 0 when the token is stale: then nothing was changed
-- cost     3
-- repeat   writes the same values again
--
-- Begins with a DEL of nothing: work that is under way must be able to finish when Redis is full.
if not holds(ARGV[1], ARGV[2]) then return 0 end
call('DEL', P .. 'none')
call('HSET', P .. 'cp:' .. ARGV[3], unpack(ARGV, 4))
return 1
