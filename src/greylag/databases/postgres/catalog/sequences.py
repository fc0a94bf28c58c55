"""Sequences, and the columns that own them."""

from __future__ import annotations

from greylag.databases.postgres.catalog.grants import grants_of
from greylag.model.catalog.objects import Sequence
from greylag.model.catalog.parts import Name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from greylag.databases.postgres.catalog.answers import Answers
    from greylag.model.catalog.tables import Persistence

PERSISTENCE: dict[str, Persistence] = {"p": "permanent", "u": "unlogged", "t": "temporary"}


class Sequences:
    """All sequences; ``by_column`` names the one a column owns, by the table's oid and the column's number.

    Of several that one column owns it is the identity's, else the first by name.
    """

    def __init__(self, answers: Answers) -> None:
        self.sequences: list[Sequence] = []
        self.by_column: dict[tuple[str, str], Name] = {}
        comments = answers.comments("pg_class")
        for row in sorted(answers.rows("sequences"), key=lambda row: (row[16] != "t", row[1], row[2])):
            (
                oid, schema, name, type_text, start, increment, minimum, maximum, cache, cycle, persistence,
                table_schema, table, column, table_id, place, internal, position, owner, acl, default_acl,
            ) = row  # fmt: skip
            if table_id:
                self.by_column.setdefault((table_id, place), Name(schema, name))
            self.sequences.append(
                Sequence(
                    schema,
                    name,
                    type_text,
                    int(start),
                    int(increment),
                    int(minimum),
                    int(maximum),
                    int(cache),
                    cycle == "t",
                    PERSISTENCE[persistence],
                    (Name(table_schema, table), column) if table_id else None,
                    internal == "t",
                    int(position) if position else None,
                    owner,
                    comments.get((oid, "0"), ""),
                    grants_of(acl, default_acl),
                )
            )
