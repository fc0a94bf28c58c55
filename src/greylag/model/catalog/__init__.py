"""*The* description of a schema, whatever the engine: what diff, Prisma, models, ERD, docs and drift read."""
