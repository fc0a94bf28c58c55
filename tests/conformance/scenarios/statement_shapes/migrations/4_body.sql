-- +goose Up
CREATE FUNCTION f() AS $$
BEGIN
RETURN 1;
END;
$$;
