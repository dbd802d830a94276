-- Gives the leadership up, so that a standby need not wait for it to expire.
--
--   KEYS[1]  leader: HASH id, token
--   ARGV[1]  id of the resigning scheduler
--   returns  1, or 0 when somebody else leads
--   cost     O(1)
--   repeat   changes nothing
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
