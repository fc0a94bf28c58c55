-- +goose Up
CREATE TABLE h (id int);
COMMIT;
SELECT nosuch;
