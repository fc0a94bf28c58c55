"""What Prisma's validator asks of a schema, one file per kind of rule."""
