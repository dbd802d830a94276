-- Tells which circuits opened or closed since the last look, and their states.
--
-- KEYS[1]  what the circuits' keys begin with: rj:{circuits}:
-- ARGV[1]  the last change that is known, as this script told it; 0: none
-- ARGV[2]  changes at most
-- returns  {now in ms, the last change told, name, state, name, state, …}, oldest first; an empty state: closed
-- cost     3, + 2 a change
-- repeat   reads only
--
-- Redis may have lost what it knew: then everything is new.
local call = redis.call
local time = call('TIME')
local key, known = KEYS[1] .. 'changes', ARGV[1]
local newest = call('ZREVRANGE', key, 0, 0, 'WITHSCORES')[2] or '0'
if tonumber(newest) < tonumber(known) then known = '0' end
local found = { math.floor(time[1] * 1000 + time[2] / 1000), known }
local changes = call('ZRANGEBYSCORE', key, '(' .. known, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #changes, 2 do
  found[2] = string.format('%.0f', tonumber(changes[i + 1]))
  found[#found + 1] = changes[i]
  found[#found + 1] = call('GET', KEYS[1] .. 'c:' .. changes[i]) or ''
end
return found
