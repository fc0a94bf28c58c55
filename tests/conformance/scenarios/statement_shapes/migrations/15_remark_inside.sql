-- +goose Up
SELECT 1
-- remark;
, 2;
-- after
