-- +goose Up
-- +goose StatementBegin

-- only a remark
-- +goose StatementEnd
SELECT 1;
SELECT 2;
-- +goose Down
SELECT 3;
