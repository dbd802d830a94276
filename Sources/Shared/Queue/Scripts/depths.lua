-- Counts what a shard holds.
--
-- KEYS[1]  the shard's prefix
-- ARGV[…]  lanes
-- returns  {jobs in each of the lanes, then groups leased, groups delayed, groups under suspicion, dead in the view}
-- cost     5
-- repeat   counts again
local reply = call('HMGET', P .. 'ct', unpack(ARGV))
for i = 1, #ARGV do reply[i] = tonumber(reply[i] or 0) end
reply[#reply + 1] = call('ZCARD', P .. 'fl')
reply[#reply + 1] = call('ZCARD', P .. 'dl')
reply[#reply + 1] = call('LLEN', P .. 'sq')
reply[#reply + 1] = call('XLEN', P .. 'dead')
return reply
