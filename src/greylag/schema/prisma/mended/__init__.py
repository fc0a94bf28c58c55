"""The better road to schema.prisma: what ``greylag schema pull`` mends of what Prisma's users complain of."""
