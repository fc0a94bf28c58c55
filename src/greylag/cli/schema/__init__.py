"""The verbs below ``greylag schema``, one file each."""
