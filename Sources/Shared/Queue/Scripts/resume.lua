-- Lets the jobs of a lane or a tenant be claimed again, gives a tenant its turns back, and wakes workers.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "lane:<lane>" or "tenant:<tenant>"     ARGV[2]  the tenant, or "" for a lane
-- ARGV[3…] all lanes
-- returns  1, or 0 when it was not paused
-- cost     2 + 2 a lane, + 2 a worker woken
-- repeat   answers 0
--
-- The first write is an SREM.
local was = call('SREM', P .. 'ps', ARGV[1])
for i = 3, #ARGV do
  local turns = P .. 't:' .. ARGV[i]
  if ARGV[2] ~= '' and call('LREM', P .. 'pk:' .. ARGV[i], 0, ARGV[2]) > 0 then call('RPUSH', turns, ARGV[2]) end
end
-- Whatever waited here may be more than one worker's share.
if was == 1 then
  for _ = 1, 8 do wake() end
end
return was
