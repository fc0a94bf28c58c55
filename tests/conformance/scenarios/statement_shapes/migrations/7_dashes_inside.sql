-- +goose Up
SELECT '-- x;';
SELECT 'a -- b;'
;
