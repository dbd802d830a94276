-- Ends a lease with success: removes the first n jobs, appends to the conversation's memory, enqueues what follows
-- from them, and makes the group ready again, behind the tenant's others, if more waits in it. All or nothing.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  n, 1 or more
-- ARGV[4]  "tenant|conversation" of the memory   ARGV[5]  its most lines   ARGV[6]  its lifetime, ms
-- ARGV[7]  number of lines to append, then these lines
-- then     gid, job id, body of each following job. They belong to this shard; caps do not apply to them
-- returns  1, or 0 when the token is stale: then nothing was changed
-- cost     11, memory + 3, a following job + 6
-- repeat   answers 0: the first call ended the lease
--
-- The first write is a ZREM.
local gid, n, lines = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[7])
if not holds(gid, ARGV[2]) then return 0 end
local length = call('LLEN', P .. 'l:' .. gid)
if n < 1 or length < n then return redis.error_reply('BADCOUNT ' .. ARGV[3]) end
for i = 8 + lines, #ARGV, 3 do
  if not parts(ARGV[i]) then return redis.error_reply('BADGROUP ' .. ARGV[i]) end
end

endLease(gid)
drop(gid, n, length)
if lines > 0 then
  local memory = P .. 'h:' .. ARGV[4]
  call('RPUSH', memory, unpack(ARGV, 8, 7 + lines))
  call('LTRIM', memory, -tonumber(ARGV[5]), -1)
  call('PEXPIRE', memory, ARGV[6])
end
if #ARGV >= 8 + lines then
  local ms = math.floor(micros() / 1000)
  for i = 8 + lines, #ARGV, 3 do append(ARGV[i], ARGV[i + 1], ARGV[i + 2], ms, 0) end
end
return 1
