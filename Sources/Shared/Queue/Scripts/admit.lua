-- Asks whether a message may be answered: nobody has taken its conversation from the bot, and the contact has not got too
-- many replies lately. If so the job's reply is counted.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "tenant|conversation"   ARGV[2]  job id
-- ARGV[3]  most replies in the window, 0: any number      ARGV[4]  the window, ms
-- returns  {"go"} | {"taken", by whom, ms left or -1} | {"many", 1 for the first refusal in the window, else 0}
-- cost     1 to 6
-- repeat   counts the job once, and answers the same but for the 1
--
-- The first write is a ZREMRANGEBYSCORE, so that answering goes on when Redis is full.
local by = call('GET', P .. 'hu:' .. ARGV[1])
if by then return { 'taken', by, call('PTTL', P .. 'hu:' .. ARGV[1]) } end
local most, window = tonumber(ARGV[3]), tonumber(ARGV[4])
if most == 0 then return { 'go' } end

local replies, ms = P .. 'rm:' .. ARGV[1], math.floor(micros() / 1000)
call('ZREMRANGEBYSCORE', replies, '-inf', text(ms - window))
if call('ZSCORE', replies, ARGV[2]) then return { 'go' } end
local told = call('ZSCORE', replies, '!')
local full = call('ZCARD', replies) - (told and 1 or 0) >= most
if not (full and told) then
  call('ZADD', replies, text(ms), full and '!' or ARGV[2])
  call('PEXPIRE', replies, window)
end
if full then return { 'many', told and 0 or 1 } end
return { 'go' }
