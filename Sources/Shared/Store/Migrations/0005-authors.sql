-- Who wrote a message of a group. NULL elsewhere.

ALTER TABLE messages
    ADD COLUMN author text,
    ADD COLUMN author_name text;
