"""Random schemas as PostgreSQL's DDL: every statement runs, and names are what Prisma and people trip over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from greylag.sql.names import write_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

NAMES = (
    *("users", "user", "Users", "user_", "posts", "post", "Post", "categories", "people", "order_items"),
    *("String", "Int", "DateTime", "Unsupported", "class", "delete", "default", "model", "enum", "type", "view"),
    *("1st", "123", "2fa_codes", "_", "__", "_x", "$money", "a-b", "a b", "a_b", "a.b", "aB", "A_B", "한글", "naïve"),
    *("é", "Ünï", 'quo"te', "it's", "back\\slash", "new\nline", "tab\tname", "/* x", "// y", "{", "}", "@id", "a@b"),
    *("id", "ID", "user_id", "userId", "author", "author_id", "kind", "value", "status", "created_at", "createdAt"),
    *("updated_at", "updatedAt", "deleted_at", "x" * 59, "y" * 40 + "_id", "very_long_name_" * 3, "URL", "HTTPServer"),
)  # fmt: skip
LABELS = ("on", "off", "in-active", "in active", "in_active", "", "1st", "100%", "한국어", "don't", 'q"t', "a,b", "b\\s", "NULL")  # fmt: skip
TEXTS = (
    "One line.",
    "Two\nlines",
    "  spaces  ",
    "/// slashes",
    '"quoted" \\ {braces}',
    "한글 and é",
    "\r\nWindows\r\n",
)
TYPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("integer", ("0", "-5", "1 + 1")),
    ("bigint", ("9223372036854775807",)),
    ("smallint", ("1",)),
    ("text", ("''", "'a''b\"c'", "E'two\\nlines'", "'x' || 'y'", "CURRENT_USER")),
    ("varchar(40)", ("'x'",)),
    ("varchar", ()),
    ("char(3)", ("'abc'",)),
    ('"char"', ()),
    ("boolean", ("true", "false")),
    ("real", ("1.5",)),
    ("double precision", ("'NaN'", "1e10")),
    ("numeric", ("0.00",)),
    ("numeric(10,2)", ("1.50",)),
    ("numeric(3,5)", ()),
    ("numeric(5,-2)", ()),
    ("money", ()),
    ("uuid", ("gen_random_uuid()",)),
    ("date", ("CURRENT_DATE", "now()")),
    ("time", ()),
    ("timetz(2)", ()),
    ("timestamp(3)", ("now()", "CURRENT_TIMESTAMP")),
    ("timestamptz(6)", ("now()", "clock_timestamp()")),
    ("interval", ("'1 day'",)),
    ("json", ('\'{"a": [1, "b"]}\'',)),
    ("jsonb", ("'{}'",)),
    ("bytea", ("'\\xdeadbeef'",)),
    ("bit(4)", ("B'1010'",)),
    ("bit varying(9)", ()),
    ("inet", ("'10.0.0.1'",)),
    ("xml", ()),
    ("oid", ()),
    ("point", ()),
    ("int4range", ()),
    ("tsvector", ()),
    ("text[]", ("'{}'", "'{a,\"b c\"}'", "ARRAY['x','y']")),
    ("integer[]", ("'{1,2}'",)),
    ("numeric(4,1)[]", ()),
    ("timestamptz[]", ("'{}'",)),
    ("point[]", ("'{}'",)),
    ("uuid[]", ("ARRAY[gen_random_uuid()]", "'{}'")),
    ("bytea[]", ("'{}'",)),
    ("jsonb[]", ("'{}'", "ARRAY['{}'::jsonb]")),
    ("boolean[]", ("'{t,NULL}'",)),
    ("money[]", ("'{}'",)),
    ("interval[]", ("'{1 day}'",)),
)
"""Types, each with defaults it may have."""

ORDERED = (
    "integer",
    "bigint",
    "text",
    "uuid",
    "varchar(40)",
    "date",
    "timestamptz(6)",
    "numeric(10,2)",
    "inet",
)
"""Types that a key can be over."""

ACTIONS = ("NO ACTION", "CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT")


class Column(NamedTuple):
    """A column: its name and its type."""

    name: str
    type: str


class Table:
    """A table as far as it is made: ``keys`` are the columns of its unique constraints."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: list[Column] = []
        self.keys: list[tuple[Column, ...]] = []


class Schema:
    """Statements that make a schema, and what is in it."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.statements: list[str] = []
        self.tables: list[Table] = []
        self.enums: list[tuple[str, tuple[str, ...]]] = []
        self._relations: set[str] = set()
        for _ in range(rng.randint(0, 2)):
            self._enum()
        for _ in range(rng.randint(1, 4)):
            self._table()
        for _ in range(rng.randint(0, 4)):
            self._foreign_key()
        if rng.random() < 0.25:
            self._join_table()
        for _ in range(rng.randint(0, 3)):
            self._index()
        for _ in range(rng.randint(0, 3)):
            self._comment()
        if rng.random() < 0.3:
            self._view()

    @property
    def text(self) -> str:
        return "".join(f"{statement};\n" for statement in self.statements)

    def _name(self, taken: Iterable[str]) -> str:
        met = set(taken)
        return self.rng.choice([name for name in NAMES if name not in met])

    def _relation(self) -> str:
        name = self._name(self._relations)
        self._relations.add(name)
        return name

    def _enum(self) -> None:
        labels = tuple(self.rng.sample(LABELS, self.rng.randint(1, 5)))
        name = self._relation()
        self.enums.append((name, labels))
        self.statements.append(f"CREATE TYPE {write_name(name)} AS ENUM ({', '.join(map(quote, labels))})")

    def _table(self) -> None:
        rng = self.rng
        table = Table(self._relation())
        lines = []
        for _ in range(rng.randint(1, 6)):
            name = self._name(column.name for column in table.columns)
            kind, default = self._type()
            table.columns.append(Column(name, kind))
            lines.append(f"{write_name(name)} {kind}{default}{rng.choice(('', '', ' NOT NULL'))}")
        usable = [column for column in table.columns if column.type in ORDERED]
        for kind in ("PRIMARY KEY", "UNIQUE"):
            if usable and rng.random() < (0.8 if kind == "PRIMARY KEY" else 0.4):
                key = tuple(rng.sample(usable, rng.randint(1, min(2, len(usable)))))
                table.keys.append(key)
                rest = [column for column in table.columns if column not in key and column.type in ORDERED]
                include = f" INCLUDE {names_of(rest[:1])}" if rest and rng.random() < 0.2 else ""
                lines.append(f"{kind} {names_of(key)}{include}")
        if rng.random() < 0.2:
            lines.append(f"CHECK ({write_name(table.columns[0].name)} IS NOT NULL)")
        self.statements.append(f"CREATE TABLE {write_name(table.name)} ({', '.join(lines)})")
        self.tables.append(table)

    def _type(self) -> tuple[str, str]:
        rng = self.rng
        if self.enums and rng.random() < 0.2:
            name, labels = rng.choice(self.enums)
            label = rng.choice(labels)
            one, many = f" DEFAULT {quote(label)}", f" DEFAULT ARRAY[{quote(label)}]::{write_name(name)}[]"
            kind = rng.choice(("", "[]"))
            return f"{write_name(name)}{kind}", rng.choice(("", many if kind else one))
        if rng.random() < 0.4:
            return rng.choice(ORDERED), ""
        kind, defaults = rng.choice(TYPES)
        return kind, f" DEFAULT {rng.choice(defaults)}" if defaults and rng.random() < 0.6 else ""

    def _foreign_key(self) -> None:
        """A key over new columns, or over those of another key once more."""
        rng = self.rng
        targets = [table for table in self.tables if table.keys]
        if not targets:
            return
        target, table = rng.choice(targets), rng.choice(self.tables)
        key = rng.choice(target.keys)
        fitting = [column for column in table.columns if column.type == key[0].type]
        if len(key) == 1 and fitting and rng.random() < 0.4:
            columns = [rng.choice(fitting)]
        else:
            columns = []
            for referenced in key:
                name = self._name(column.name for column in table.columns)
                column = Column(name, referenced.type)
                table.columns.append(column)
                columns.append(column)
                self.statements.append(
                    f"ALTER TABLE {write_name(table.name)} ADD COLUMN {write_name(name)} {column.type}"
                    + rng.choice(("", "", " NOT NULL"))
                )
            if rng.random() < 0.3:
                turned = columns[::-1] if rng.random() < 0.5 else columns
                self.statements.append(f"ALTER TABLE {write_name(table.name)} ADD UNIQUE {names_of(turned)}")
        self.statements.append(
            f"ALTER TABLE {write_name(table.name)} ADD FOREIGN KEY {names_of(columns)} "
            f"REFERENCES {write_name(target.name)} {names_of(key)} ON DELETE {rng.choice(ACTIONS)} "
            f"ON UPDATE {rng.choice(ACTIONS)}" + rng.choice(("", "", " DEFERRABLE"))
        )

    def _join_table(self) -> None:
        """The table of an implicit many-to-many relation."""
        sides = sorted((table for table in self.tables if table.keys), key=lambda each: each.name.encode())
        sides = [each for each in sides if len(each.keys[0]) == 1]
        name = self.rng.choice(("_AToB", "_Likes", "_한글"))
        if not sides or name in self._relations:
            return
        self._relations.add(name)
        a, b = sides[0], sides[-1]
        columns = ", ".join(
            f'"{letter}" {side.keys[0][0].type} NOT NULL REFERENCES {write_name(side.name)} {names_of(side.keys[0])}'
            for letter, side in (("A", a), ("B", b))
        )
        self.statements += [
            f"CREATE TABLE {write_name(name)} ({columns})",
            f'CREATE UNIQUE INDEX ON {write_name(name)} ("A", "B")',
            f'CREATE INDEX ON {write_name(name)} ("B")',
        ]

    def _index(self) -> None:
        rng = self.rng
        table = rng.choice(self.tables)
        usable = [column for column in table.columns if column.type in ORDERED]
        if not usable:
            return
        keys = rng.sample(usable, rng.randint(1, min(2, len(usable))))
        words = [f"{write_name(key.name)}{rng.choice(('', '', ' DESC', ' NULLS FIRST'))}" for key in keys]
        first = write_name(keys[0].name)
        tail = rng.choice(("", "", "", f" WHERE {first} IS NOT NULL", f" INCLUDE ({first})"))
        head = rng.choice(("CREATE INDEX", "CREATE UNIQUE INDEX"))
        form = f"({', '.join(words)})" if rng.random() < 0.85 else f"(coalesce({first}, {first}))"
        self.statements.append(f"{head} ON {write_name(table.name)} {form}{tail}")

    def _view(self) -> None:
        table = self.rng.choice(self.tables)
        self.statements.append(
            f"CREATE VIEW {write_name(self._relation())} AS SELECT * FROM {write_name(table.name)}"
        )

    def _comment(self) -> None:
        rng = self.rng
        table = rng.choice(self.tables)
        column = rng.choice(table.columns)
        what = rng.choice((
            f"TABLE {write_name(table.name)}",
            f"COLUMN {write_name(table.name)}.{write_name(column.name)}",
            *(f"TYPE {write_name(name)}" for name, _ in self.enums),
        ))  # fmt: skip
        self.statements.append(f"COMMENT ON {what} IS {quote(rng.choice(TEXTS))}")


def quote(text: str) -> str:
    """A string of SQL."""
    doubled = text.replace("'", "''")
    return f"E'{doubled.replace(chr(92), chr(92) * 2)}'" if "\\" in text else f"'{doubled}'"


def names_of(columns: Sequence[Column]) -> str:
    """Columns in parentheses."""
    return f"({', '.join(write_name(column.name) for column in columns)})"


schemas = st.randoms(use_true_random=False).map(Schema)
"""Schemas of up to four tables; a test that fails shows the smallest one that was found."""
