-- Makes jobs that wait behind the head of a leased group part of the head: they leave the list, and what is recorded of
-- them with the head tells whoever works it, also as a dead or a replayed one, that they end as it ends.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  job id of the head
-- then     job id, step, value of each: who they are, in order, and what is recorded of them
-- returns  how many were merged: up to the first that does not stand directly behind the head, or has recorded steps of its
--          own; or -1 when the token is stale: then nothing was changed
-- cost     3, + 8 a job
-- repeat   answers the same and changes nothing
--
-- Begins with a DEL of nothing: work that is under way must be able to finish when Redis is full.
local gid, merged = ARGV[1], 0
if not holds(gid, ARGV[2]) then return -1 end
call('DEL', P .. 'none')
local list, steps, lane, tenant = P .. 'l:' .. gid, P .. 'cp:' .. ARGV[3], parts(gid)
for i = 4, #ARGV, 3 do
  local known = call('HGET', steps, ARGV[i + 1])
  if known and known ~= ARGV[i + 2] then break end
  if not known then
    local second = call('LINDEX', list, 1)
    if not second or jobOf(second) ~= ARGV[i] or call('EXISTS', P .. 'cp:' .. ARGV[i]) == 1 then break end
    call('HSET', steps, ARGV[i + 1], ARGV[i + 2])
    local head = call('LPOP', list)
    call('LPOP', list)
    call('LPUSH', list, head)
    count(lane, tenant, -1)
  end
  merged = merged + 1
end
return merged
