-- Broadcasts go out: what is looked for every ten seconds, and the business's own clock.

CREATE INDEX broadcasts_running ON broadcasts (business_id, id) WHERE status = 'running';
-- Which of them are under way, and which of those died.
CREATE INDEX broadcast_recipients_queued ON broadcast_recipients (business_id, broadcast_id, job_id)
    WHERE status = 'queued';

-- The minute of the day in a time zone, 0 to 1439; of a zone that Postgres does not know, in UTC.
CREATE FUNCTION rejoinder_minute_of_day(zone text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    local timestamp;
BEGIN
    BEGIN
        local := now() AT TIME ZONE zone;
    EXCEPTION WHEN invalid_parameter_value THEN
        local := now() AT TIME ZONE 'UTC';
    END;
    RETURN extract(hour FROM local)::integer * 60 + extract(minute FROM local)::integer;
END
$$;
