-- Keeps the jobs of a lane or a tenant from being claimed. They are still accepted, and those under way finish.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "lane:<lane>" or "tenant:<tenant>"
-- returns  1, or 0 when it was paused already
-- cost     2
-- repeat   answers 0
--
-- Begins with a DEL of nothing: to pause is what an operator does when Redis is full.
call('DEL', P .. 'none')
return call('SADD', P .. 'ps', ARGV[1])
