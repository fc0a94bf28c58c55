-- The dashboard of the copy reads this view, so that the table may change behind it.

-- +goose Up
CREATE VIEW copy_progress AS
SELECT
    copy_status,
    count(*) AS records,
    min(created_at) AS oldest_created_at,
    max(copied_at) AS newest_copied_at
FROM personal_records
GROUP BY copy_status;

COMMENT ON VIEW copy_progress IS 'Records per copy status; a status without records has no row';

-- +goose Down
DROP VIEW IF EXISTS copy_progress;
