-- +gooseUp
SELECT 1;
