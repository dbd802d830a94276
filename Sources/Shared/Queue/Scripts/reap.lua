-- Ends leases that ran out: the group is ready again before its tenant's others, with one crash more. It was no
-- attempt: most that crash are bystanders, and crashes have a limit of their own.
--
-- When nobody reaped for a while, Redis or everyone else was away, and then heartbeats were too. Holders get time
-- to renew first, so that an outage is not taken for a crash of them all. They get it again only when a pass has looked
-- for leases since, or passes that are always late would never reap.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  most leases
-- ARGV[2]  pause between two calls that counts as "away", ms     ARGV[3]  the holders' time to renew then, ms
-- returns  number of leases ended
-- cost     4 + 8 a lease
-- repeat   reaps what ran out in between
--
-- The first write is an HDEL. No job dies here: that needs its row in Postgres first, and is left to whoever claims
-- it next.
local ms = math.floor(micros() / 1000)
local last = call('HMGET', P .. 'rp', 'at', 'from')
call('HDEL', P .. 'rp', 'at')
call('HSET', P .. 'rp', 'at', text(ms))
local from = tonumber(last[2])
if not from and last[1] and ms - tonumber(last[1]) > tonumber(ARGV[2]) then
  from = ms + tonumber(ARGV[3])
  call('HSET', P .. 'rp', 'from', text(from))
end
if from then
  if ms < from then return 0 end
  call('HDEL', P .. 'rp', 'from')
end

local expired = call('ZRANGEBYSCORE', P .. 'fl', '-inf', text(ms), 'LIMIT', 0, ARGV[1])
for _, gid in ipairs(expired) do
  endLease(gid)
  ready(gid, 'LPUSH', call('HINCRBY', P .. 'cr', gid, 1))
end
return #expired
