"""Names of tables and columns in the guide's convention: ``user_preferences`` is ``UserPreference``."""

from __future__ import annotations

import re

from greylag.schema.prisma.names import sanitised

_PARTS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")
_KEY_ENDING = re.compile(r"(?:_id|_uuid|_fk|Id|ID|Uuid)+$")
_SAME = frozenset({
    "news", "series", "species", "data", "media", "info", "metadata", "analytics", "statistics", "https",
    "always", "alias", "atlas", "bias", "canvas", "lens",
})  # fmt: skip
_ODD = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "analyses": "analysis",
    "atlases": "atlas", "axes": "axis", "caches": "cache", "calories": "calorie", "canvases": "canvas",
    "cookies": "cookie", "crises": "crisis", "indices": "index", "knives": "knife", "lenses": "lens",
    "lives": "life", "matrices": "matrix", "menus": "menu", "movies": "movie", "niches": "niche",
    "quizzes": "quiz", "selfies": "selfie", "shelves": "shelf", "shoes": "shoe", "vertices": "vertex",
    "wives": "wife", "zombies": "zombie",
}  # fmt: skip
_ENDINGS = (
    (("ss", "us", "is"), 0, ""),
    (("ouses", "auses"), 1, ""),
    (("ies",), 3, "y"),
    (("sses", "shes", "ches", "xes", "zzes", "uses", "iases", "oes"), 2, ""),
    (("s",), 1, ""),
)
"""How the plural is taken off: endings, how many letters go, and what comes in their place."""


def camel(name: str) -> str:
    """``createdAt`` of ``created_at``; empty where nothing of the name can be kept."""
    parts = _parts(name)
    return parts[0].lower() + "".join(map(_capital, parts[1:])) if parts else ""


def pascal(name: str) -> str:
    """``UserPreferences`` of ``user_preferences``."""
    return "".join(map(_capital, _parts(name)))


def singular(name: str) -> str:
    """One of what a name says in the plural, as English has it: only the last word changes."""
    parts = _PARTS.findall(name)
    if not parts:
        return name
    last = parts[-1]
    one = _one(last.lower())
    if last.isupper() and len(last) > 1:
        return name
    return name[: len(name) - len(last)] + (one.capitalize() if last[0].isupper() else one)


def without_key(column: str) -> str:
    """What a foreign key's column is about: ``author`` of ``author_id``; empty where it does not say."""
    stem = _KEY_ENDING.sub("", column)
    return stem if stem != column else ""


def _one(word: str) -> str:
    if word in _ODD:
        return _ODD[word]
    if word in _SAME or len(word) < 4:
        return word
    if len(word) == 4 and word.endswith("s") and not word.endswith("ss"):  # ties, uses
        return word[:-1]
    for endings, letters, instead in _ENDINGS:
        if word.endswith(endings):
            return word[: len(word) - letters] + instead
    return word


def _parts(name: str) -> list[str]:
    """Words of a name that schema.prisma can hold: it begins with a letter and has ASCII letters alone."""
    parts = _PARTS.findall(sanitised(name))
    while parts and not parts[0][0].isalpha():
        parts.pop(0)
    return [part for part in parts if part.isascii()]


def _capital(word: str) -> str:
    return word[0].upper() + word[1:].lower()
