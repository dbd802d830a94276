-- Remembers that the ticks of a periodic job up to one have been enqueued.
--
--   KEYS[1]  leader: HASH id, token      KEYS[2]  ticks: HASH job name -> number of the last tick
--   ARGV[1]  token   ARGV[2]  job name   ARGV[3]  number of the tick
--   returns  1, or 0 when the token is stale: then nothing was changed
--   cost     O(1)
--   repeat   changes nothing; an older tick never replaces a newer one
--
-- Begins with a DEL of nothing, as lead does: a tick that a full Redis refused is over all the same.
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1] .. ':none')
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '-1')
if tonumber(ARGV[3]) > last then redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end
return 1
