-- Makes delayed groups ready that are due, the longest due first.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  most groups
-- returns  how many
-- cost     2 + 6 a group
-- repeat   promotes what became due in between
--
-- The first write is a ZREM.
local ms = math.floor(micros() / 1000)
local due = call('ZRANGEBYSCORE', P .. 'dl', '-inf', text(ms), 'LIMIT', 0, ARGV[1])
for _, gid in ipairs(due) do
  call('ZREM', P .. 'dl', gid)
  ready(gid, 'RPUSH', crashes(gid))
end
return #due
