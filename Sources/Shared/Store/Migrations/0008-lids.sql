-- Whose phone is behind a @lid: for replies that must go another way than their message came.

-- The @lid among a conversation's addresses. A contact has one.
CREATE FUNCTION rejoinder_lid(addresses jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT key FROM jsonb_object_keys(addresses) AS key WHERE key LIKE '%@lid' ORDER BY key LIMIT 1
$$;

CREATE INDEX conversations_lid ON conversations (business_id, rejoinder_lid(addresses))
    WHERE rejoinder_lid(addresses) IS NOT NULL;
