-- What a person asked for, and what one took over.

-- NULL: in force. A contact who comes back keeps the row, so that of two changes that arrive in the wrong order, as after
-- an outage, the later one stands: created_at is the latest time of opting out.
ALTER TABLE opt_outs ADD COLUMN ended_at timestamptz;

-- Until when a conversation of status human is one; NULL: until it is given back. Once it is past, the bot answers again.
ALTER TABLE conversations ADD COLUMN human_until timestamptz;
CREATE INDEX conversations_human ON conversations (business_id) WHERE status = 'human';
