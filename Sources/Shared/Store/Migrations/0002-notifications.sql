-- Tells the processes that keep businesses in memory which one has changed.

CREATE FUNCTION rejoinder_notify_business() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'businesses' THEN
        PERFORM pg_notify('rejoinder_businesses', CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END);
    ELSE
        PERFORM pg_notify(
            'rejoinder_businesses', CASE TG_OP WHEN 'DELETE' THEN OLD.business_id ELSE NEW.business_id END);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER businesses_notify AFTER INSERT OR UPDATE OR DELETE ON businesses
    FOR EACH ROW EXECUTE FUNCTION rejoinder_notify_business();
CREATE TRIGGER tools_notify AFTER INSERT OR UPDATE OR DELETE ON tools
    FOR EACH ROW EXECUTE FUNCTION rejoinder_notify_business();
