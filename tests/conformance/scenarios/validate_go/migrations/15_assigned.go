package m

import "github.com/pressly/goose/v3"

func init() {
	_ = goose.AddMigration(a, b)
}
