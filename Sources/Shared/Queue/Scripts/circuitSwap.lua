-- Puts a circuit's new state in place of the one that it was made from. What a state says is Circuit's business.
--
-- KEYS[1]  the circuit: STRING; none: closed, without a failure
-- KEYS[2]  ZSET a circuit's name -> when it last opened or closed, µs
-- ARGV[1]  the state that is expected to be there; empty: none
-- ARGV[2]  the new one; empty: none
-- ARGV[3]  its lifetime, ms
-- ARGV[4]  the circuit's name, when others have to hear of it; else empty
-- returns  {now in ms, 1 if it was put there and 0 if another state was, the state that is there}
-- cost     6
-- repeat   answers 0 and the state it put there
--
-- Begins with a DEL of nothing: servers fail also while Redis is full.
local call = redis.call
local time = call('TIME')
local us = time[1] * 1000000 + time[2]
local now = math.floor(us / 1000)
local state = call('GET', KEYS[1]) or ''
if state ~= ARGV[1] then return { now, 0, state } end
call('DEL', KEYS[1] .. ':none')
if ARGV[2] == '' then
  call('DEL', KEYS[1])
else
  call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
if ARGV[4] ~= '' then
  local last = call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
  if last and tonumber(last) >= us then us = tonumber(last) + 1 end
  call('ZADD', KEYS[2], string.format('%.0f', us), ARGV[4])
  -- Whoever has not asked for an hour asks as a new one would.
  call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', us - 3600000000))
  call('PEXPIRE', KEYS[2], 3600000)
end
return { now, 1, ARGV[2] }
