-- Asks, just before a text is sent, whether somebody has taken the conversation from the bot meanwhile; if not, keeps the
-- text's digest, so that the text is known as ours when it comes back.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  "tenant|conversation"   ARGV[2]  digest        ARGV[3]  how long it is kept, ms
-- ARGV[4]  1: ask; 0: a text of which a part may be out already, which is sent to its end
-- returns  {"go"} | {"taken", by whom, ms left or -1}: then nothing was changed
-- cost     2 to 5
-- repeat   keeps the digest a little longer
--
-- The first write is a ZREMRANGEBYSCORE, so that sending goes on when Redis is full.
local by = ARGV[4] == '1' and call('GET', P .. 'hu:' .. ARGV[1])
if by then return { 'taken', by, call('PTTL', P .. 'hu:' .. ARGV[1]) } end
local said, ms, kept = P .. 'sx:' .. ARGV[1], math.floor(micros() / 1000), tonumber(ARGV[3])
call('ZREMRANGEBYSCORE', said, '-inf', text(ms))
call('ZADD', said, text(ms + kept), ARGV[2])
-- The longest-lived are kept: a few hundred are more than anybody is sent in that time.
call('ZREMRANGEBYRANK', said, 0, -501)
call('PEXPIRE', said, kept)
return { 'go' }
