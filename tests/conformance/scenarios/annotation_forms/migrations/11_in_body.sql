-- +goose Up
-- +goose StatementBegin
SELECT '
-- +goose Down
';
-- +goose StatementEnd
