-- {table}.{column} becomes NOT NULL in four files. 3 of 4: the rows are read, under a lock that lets others
-- read and write. In one transaction with the file before, its stronger lock would be held all the while.
-- If it fails with 23514, rows without a value were written between 1 and 2: fill them, then run this again.

-- +goose Up
ALTER TABLE {table} VALIDATE CONSTRAINT {check};

-- +goose Down
-- A constraint cannot be made NOT VALID again, only made anew.
ALTER TABLE {table}
    DROP CONSTRAINT {check},
    ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID;
