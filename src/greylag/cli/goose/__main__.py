"""``python -m greylag.cli.goose`` is the ``goose`` script."""

from __future__ import annotations

from greylag.cli.goose.main import main

main()
