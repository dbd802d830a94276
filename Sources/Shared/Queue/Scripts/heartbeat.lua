-- Extends the leases whose token is still the group's.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  lease from now, ms
-- ARGV[2…] gid, token; at most 500 pairs
-- returns  the gids that are lost
-- cost     4
-- repeat   extends again, by as little as lies between the calls
--
-- Begins with a DEL of nothing: a ZADD as the first write would be refused by a full Redis, and then every lease
-- would run out at once.
call('DEL', P .. 'none')
local gids = {}
for i = 2, #ARGV, 2 do gids[#gids + 1] = ARGV[i] end
local tokens = call('HMGET', P .. 'ls', unpack(gids))
local deadline = text(math.floor(micros() / 1000) + tonumber(ARGV[1]))
local lost, kept = {}, {}
for i, gid in ipairs(gids) do
  if tokens[i] == ARGV[1 + 2 * i] then
    kept[#kept + 1] = deadline
    kept[#kept + 1] = gid
  else
    lost[#lost + 1] = gid
  end
end
if #kept > 0 then call('ZADD', P .. 'fl', 'XX', unpack(kept)) end
return lost
