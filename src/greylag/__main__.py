"""``python -m greylag`` is the ``greylag`` command."""

from greylag.cli.main import main

if __name__ == "__main__":
    main()
