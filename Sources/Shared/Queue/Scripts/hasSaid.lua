-- Asks whether a text of this digest was sent to the conversation, or is being sent.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "tenant|conversation"   ARGV[2]  digest
-- returns  1 or 0
-- cost     1
-- repeat   asks again
local kept = call('ZSCORE', P .. 'sx:' .. ARGV[1], ARGV[2])
return kept and tonumber(kept) > math.floor(micros() / 1000) and 1 or 0
