-- What a dead job needs beside its payload to be enqueued again as it was, and not to repeat what its contact got.

ALTER TABLE dead_jobs
    ADD COLUMN conversation text,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN traceparent text,
    ADD COLUMN checkpoint jsonb NOT NULL DEFAULT '{}';
CREATE INDEX dead_jobs_of_business ON dead_jobs (business_id, died_at DESC, id DESC) WHERE replayed_at IS NULL;
