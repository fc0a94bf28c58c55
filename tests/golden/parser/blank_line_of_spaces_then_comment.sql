-- +goose Up
SELECT 1;
   
-- remark
