"""The verbs below ``greylag prisma``, one file each."""
