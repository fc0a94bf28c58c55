-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION f() RETURNS trigger AS $$
BEGIN
  -- inside
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
SELECT 1;
-- +goose Down
-- +goose StatementBegin
DROP FUNCTION f();
-- +goose StatementEnd
