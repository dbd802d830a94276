-- Asks, just before a text is sent, whether somebody has taken the conversation from the bot meanwhile; if not, records
-- steps of the leased job as `checkpoint` does, and keeps the text's digest, so that the text is known as ours when it comes
-- back.
--
-- KEYS[1]  the shard's prefix
-- ARGV[1]  gid            ARGV[2]  token          ARGV[3]  job id
-- ARGV[4]  the text's digest                      ARGV[5]  how long it is kept, ms
-- ARGV[6]  1: ask; 0: a text of which a part may be out already, which is sent to its end
-- ARGV[7…] step, value
-- returns  {"go"} | {"taken", by whom, ms left or -1}, or 0 when the token is stale: but for "go" nothing was changed
-- cost     4 to 8
-- repeat   writes the same values again, and keeps the digest a little longer
--
-- The first write is a ZREMRANGEBYSCORE, so that sending goes on when Redis is full.
if not holds(ARGV[1], ARGV[2]) then return 0 end
local party = string.match(ARGV[1], '|(.+)$')
local by = ARGV[6] == '1' and call('GET', P .. 'hu:' .. party)
if by then return { 'taken', by, call('PTTL', P .. 'hu:' .. party) } end
local said, ms, kept = P .. 'sx:' .. party, math.floor(micros() / 1000), tonumber(ARGV[5])
call('ZREMRANGEBYSCORE', said, '-inf', text(ms))
call('ZADD', said, text(ms + kept), ARGV[4])
-- The longest-lived are kept: a few hundred are more than anybody is sent in that time.
call('ZREMRANGEBYRANK', said, 0, -501)
call('PEXPIRE', said, kept)
call('HSET', P .. 'cp:' .. ARGV[3], unpack(ARGV, 7))
return { 'go' }
