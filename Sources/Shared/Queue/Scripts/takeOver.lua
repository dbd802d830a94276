-- Takes a conversation from the bot, for good or for a time, or gives it back.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "tenant|conversation"
-- ARGV[2]  by whom; empty: it is given back
-- ARGV[3]  for how long, ms; 0: until it is given back
-- ARGV[4]  1: whatever stands there is replaced; 0: only by what lasts longer
-- returns  {by whom, ms left or -1} as it stands then; {} when the bot has it
-- cost     3
-- repeat   answers the same
--
-- The first write is a DEL of nothing: to take over is also what a person does when Redis is full.
local key, ms = P .. 'hu:' .. ARGV[1], tonumber(ARGV[3])
call('DEL', P .. 'none')
if ARGV[2] == '' then
  call('DEL', key)
  return {}
end
local left = call('PTTL', key)
local lasts = left == -1 or (ms > 0 and left >= ms)
if ARGV[4] ~= '1' and lasts then return { call('GET', key), left } end
if ms > 0 then call('SET', key, ARGV[2], 'PX', ARGV[3]) else call('SET', key, ARGV[2]) end
return { ARGV[2], call('PTTL', key) }
