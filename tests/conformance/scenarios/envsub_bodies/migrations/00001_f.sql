-- +goose ENVSUB ON
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION f() RETURNS text AS $$
BEGIN
  RETURN '${A}';
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
