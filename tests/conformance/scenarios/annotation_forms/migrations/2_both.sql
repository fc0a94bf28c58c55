--+goose UP
SELECT 1;
-- +goose dOwN
