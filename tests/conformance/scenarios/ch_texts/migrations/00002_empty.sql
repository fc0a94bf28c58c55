-- +goose Up
-- +goose StatementBegin
-- nothing but this
-- +goose StatementEnd
-- +goose Down
DROP TABLE t;
