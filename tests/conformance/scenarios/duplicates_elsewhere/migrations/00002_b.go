package m
func init() { g.AddMigration(a, b) }
