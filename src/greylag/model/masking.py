"""Connection text that may be shown: whatever can be a password reads ``xxxxx``."""

from __future__ import annotations

_HIDDEN = "xxxxx"


def masked(text: str) -> str:
    """``text`` with the password of every URL, keyword or ``user:password@host`` form in it replaced.

    Where it is not clear how far a password reaches (an ``@`` or ``/`` inside it), too much is hidden rather
    than too little.
    """
    import re  # only paths that end in an error come here

    # blanks may be part of it; a quoted line break and a second URL are not
    text = re.sub(r"""(://[^:/?#\s@"']*:)(?:(?!\\n|://)[^\n"'])*@""", rf"\g<1>{_HIDDEN}@", text)
    text = re.sub(
        r"""(?ix) (?<![a-z]) ((?:ssl)?password|passwd|pwd|(?:auth|access)?_?token|secret|api_?key) (\s*=\s*)
        ('(?:[^'\\]|\\.)*'? | "(?:[^"\\]|\\.)*"? | [^\s&;'"]+)""",
        rf"\g<1>\g<2>{_HIDDEN}",
        text,
    )
    return re.sub(r"""(?m)(^|[\s"'=])([^\s:/@="']+):(?!//)[^\s"']*@""", rf"\g<1>\g<2>:{_HIDDEN}@", text)


def masked_word(word: str) -> str:
    """One word of a command line, masked: all of it may be connection text, with blanks in the password."""
    import re

    return masked(re.sub(r"(?s)(://[^:/?#@]*:).*@", rf"\g<1>{_HIDDEN}@", word))
