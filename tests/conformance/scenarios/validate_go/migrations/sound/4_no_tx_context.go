package m

import "github.com/pressly/goose/v3"

var x = 1

func init() {
	println(x)
	goose.AddMigrationNoTxContext(a, b)
}
