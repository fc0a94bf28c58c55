-- {table}.{column} tells when a row was last written, whoever writes it. The function belongs to this table
-- alone, so that the Down takes it from no other.

-- +goose Up
-- Without the column every UPDATE of the table would fail from now on; this fails instead.
SELECT {column} FROM {table} LIMIT 0;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION {function}()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.{column} = now();
    RETURN NEW;
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER {trigger}
    BEFORE UPDATE ON {table}
    FOR EACH ROW
    EXECUTE FUNCTION {function}();

-- +goose Down
-- The trigger first: it needs the function.
DROP TRIGGER {trigger} ON {table};
DROP FUNCTION {function}();
