-- Takes or keeps the leadership among schedulers.
--
--   KEYS[1]  leader: HASH id, token; expires when its holder stops renewing
--   KEYS[2]  token:  STRING, the last fencing token; only grows
--   ARGV[1]  id of the asking scheduler      ARGV[2]  lifetime, ms
--   returns  { token, now }: token is 0 when somebody else leads; now is the server's time, ms
--   cost     O(1)
--   repeat   by the leader: renews; the token stays
--
-- Begins with a DEL of nothing: when Redis is full somebody must lead all the same, or nothing is reaped or promoted and
-- it stays full.
redis.call('DEL', KEYS[1] .. ':none')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local leader = redis.call('HMGET', KEYS[1], 'id', 'token')
if leader[1] and leader[1] ~= ARGV[1] then return { 0, now } end
local token = tonumber(leader[2])
if not token then
  token = redis.call('INCR', KEYS[2])
  redis.call('HSET', KEYS[1], 'id', ARGV[1], 'token', token)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { token, now }
