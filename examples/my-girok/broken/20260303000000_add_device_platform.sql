-- The operating system of a device, as it says itself; old devices have not said.

-- +goose Up
ALTER TABLE devices ADD COLUMN platform VARCHAR(20);

-- +goose Down
ALTER TABLE devices DROP COLUMN IF EXISTS platform;
