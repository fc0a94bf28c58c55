"""Which table or index is a part of which, or inherits from it."""

from __future__ import annotations

from greylag.model.catalog.parts import Name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.catalog.answers import Answers


class Inheritance:
    """Parents by the oid of their child, in the order in which they were named."""

    def __init__(self, answers: Answers) -> None:
        self._parents: dict[str, list[Name]] = {}
        self.detaching: set[str] = set()
        """Partitions whose DETACH CONCURRENTLY has not come to its end."""
        for child, schema, name, _, detaching in answers.rows("inheritance"):
            self._parents.setdefault(child, []).append(Name(schema, name))
            if detaching == "t":
                self.detaching.add(child)

    def parents(self, child: str) -> tuple[Name, ...]:
        """The parents of a table."""
        return tuple(self._parents.get(child, ()))

    def parent(self, child: str) -> Name | None:
        """The only parent of an index or a partition."""
        found = self._parents.get(child)
        return found[0] if found else None
