-- Receipts of messages whose row is not written yet, and the only two ways a receipt gets to its row.
--
-- Whoever writes a row and whoever keeps a receipt for later take the message's lock first, and look for the other's
-- work in a statement of their own after that. So the later one of the two always sees what the earlier one has
-- committed. That is so in READ COMMITTED, which our sessions ask for: a statement in a function has its own snapshot.

-- failed beats sent, and only what proves it wrong beats failed.
CREATE OR REPLACE FUNCTION rejoinder_status_rank(status text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE status
        WHEN 'pending' THEN 0 WHEN 'sent' THEN 1 WHEN 'failed' THEN 2 WHEN 'delivered' THEN 3 WHEN 'read' THEN 4
        WHEN 'received' THEN 0 WHEN 'skipped' THEN 1 WHEN 'answered' THEN 2
    END
$$;

CREATE FUNCTION rejoinder_later_status(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN rejoinder_status_rank(other) > rejoinder_status_rank(one) THEN other ELSE one END
$$;

-- The reason of a failure stands as long as the failure does.
CREATE FUNCTION rejoinder_later_error(one text, error text, other text, other_error text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN rejoinder_status_rank(other) < rejoinder_status_rank(one) THEN error
        WHEN rejoinder_status_rank(other) > rejoinder_status_rank(one) AND other = 'failed'
            THEN coalesce(other_error, error)
        WHEN one = 'failed' AND other <> 'failed' THEN other_error
        ELSE coalesce(error, other_error)
    END
$$;

-- One row for each message, with all that was said of it. Most are of messages that other programs sent through the same
-- number and that never get a row: they go when they are old.
CREATE TABLE early_receipts (
    business_id text NOT NULL,
    provider text NOT NULL,
    provider_message_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('sent', 'delivered', 'read', 'failed')),
    error text,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    -- The first one's, by our clock.
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, provider, provider_message_id)
);
CREATE INDEX early_receipts_received ON early_receipts (received_at);

-- Held to the end of the transaction.
CREATE FUNCTION rejoinder_lock_message(business text, provider text, message text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', business, provider, message), 7265771002))
$$;

-- A row that is written, or that gets the id it was sent under, takes over what was said before. A trigger, so that it
-- holds for whoever writes rows, the program before this one included.
CREATE FUNCTION rejoinder_take_early_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    early early_receipts;
BEGIN
    PERFORM rejoinder_lock_message(NEW.business_id, NEW.provider, NEW.provider_message_id);
    DELETE FROM early_receipts AS e
    WHERE e.business_id = NEW.business_id AND e.provider = NEW.provider
        AND e.provider_message_id = NEW.provider_message_id
    RETURNING * INTO early;
    IF FOUND THEN
        NEW.error := rejoinder_later_error(NEW.status, NEW.error, early.status, early.error);
        NEW.status := rejoinder_later_status(NEW.status, early.status);
        NEW.sent_at := coalesce(NEW.sent_at, early.sent_at);
        NEW.delivered_at := least(NEW.delivered_at, early.delivered_at);
        NEW.read_at := least(NEW.read_at, early.read_at);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER messages_written BEFORE INSERT ON messages
    FOR EACH ROW WHEN (NEW.direction = 'out' AND NEW.provider_message_id IS NOT NULL)
    EXECUTE FUNCTION rejoinder_take_early_receipt();
CREATE TRIGGER messages_sent BEFORE UPDATE ON messages
    FOR EACH ROW WHEN (
        NEW.direction = 'out' AND NEW.provider_message_id IS NOT NULL
        AND NEW.provider_message_id IS DISTINCT FROM OLD.provider_message_id)
    EXECUTE FUNCTION rejoinder_take_early_receipt();

-- Puts a receipt into its message's row. False when there is none.
--
-- Statuses and times only move one way, so any order and any number of repeats end in the same row: the furthest status,
-- the earliest time. sent_at is what the row was written with, where it was. A read message was delivered by then.
CREATE FUNCTION rejoinder_apply_receipt(
    business text, provider text, message text, status text, at timestamptz, error text
) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    UPDATE messages AS m SET
        status = rejoinder_later_status(m.status, $4),
        error = rejoinder_later_error(m.status, m.error, $4, $6),
        sent_at = CASE WHEN $4 = 'sent' THEN coalesce(m.sent_at, $5) ELSE m.sent_at END,
        delivered_at = CASE WHEN $4 IN ('delivered', 'read') THEN least(m.delivered_at, $5) ELSE m.delivered_at END,
        read_at = CASE WHEN $4 = 'read' THEN least(m.read_at, $5) ELSE m.read_at END
    WHERE m.business_id = $1 AND m.provider = $2 AND m.direction = 'out' AND m.provider_message_id = $3;
    RETURN FOUND;
END
$$;

-- Keeps a receipt whose row was not there: 'early', or 'applied' if the row has come meanwhile. 'unknown': there is no such
-- business, and nothing was changed. A transaction may do this once only: with two messages locked it could wait for one
-- that writes their rows in the other order.
CREATE FUNCTION rejoinder_keep_receipt(
    business text, provider text, message text, status text, at timestamptz, error text
) RETURNS text LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT 1 FROM businesses AS b WHERE b.id = $1) THEN
        RETURN 'unknown';
    END IF;
    PERFORM rejoinder_lock_message($1, $2, $3);
    IF rejoinder_apply_receipt($1, $2, $3, $4, $5, $6) THEN
        RETURN 'applied';
    END IF;
    INSERT INTO early_receipts AS e (
        business_id, provider, provider_message_id, status, error, sent_at, delivered_at, read_at)
    VALUES (
        $1, $2, $3, $4, $6, CASE WHEN $4 = 'sent' THEN $5 END, CASE WHEN $4 IN ('delivered', 'read') THEN $5 END,
        CASE WHEN $4 = 'read' THEN $5 END)
    ON CONFLICT (business_id, provider, provider_message_id) DO UPDATE SET
        status = rejoinder_later_status(e.status, excluded.status),
        error = rejoinder_later_error(e.status, e.error, excluded.status, excluded.error),
        sent_at = least(e.sent_at, excluded.sent_at),
        delivered_at = least(e.delivered_at, excluded.delivered_at),
        read_at = least(e.read_at, excluded.read_at);
    -- Whoever adds one removes two, so that no more remain than come in a week, and without traffic nothing has to be done.
    DELETE FROM early_receipts AS old USING (
        SELECT o.business_id, o.provider, o.provider_message_id FROM early_receipts AS o
        WHERE o.received_at < now() - interval '7 days'
        ORDER BY o.received_at LIMIT 2 FOR UPDATE SKIP LOCKED
    ) AS oldest
    WHERE old.business_id = oldest.business_id AND old.provider = oldest.provider
        AND old.provider_message_id = oldest.provider_message_id;
    RETURN 'early';
END
$$;
