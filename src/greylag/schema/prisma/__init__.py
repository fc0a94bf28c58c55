"""schema.prisma: read, judged, and written as Prisma writes it."""
