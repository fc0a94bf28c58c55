from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greylag.migrations.go_source import GoFileError, read_go
from greylag.migrations.go_tokens import GoSyntaxError

HEAD = 'package m\n\nimport (\n\t"context"\n)\n\n'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("goose.AddMigration(up, down)", (True, "up", "down")),
        ("goose.AddMigrationContext(up, nil)", (True, "up", "nil")),
        ("goose.AddMigrationNoTx(\n\t\tnil,\n\t\tdown,\n\t)", (False, "nil", "down")),
        ("goose.AddMigrationNoTxContext(a, b)", (False, "a", "b")),
        ("fmt.Println(1)\n\tx := 1\n\tgoose.AddMigration(a, b); y()", (True, "a", "b")),
        ("x.y[1].z().AddMigration(a, b...)", (True, "a", "b")),
        ("if true { goose.AddMigration(x, y) }\n\tgoose.AddMigration(a, b)", (True, "a", "b")),
    ],
)
def test_what_init_registers(body: str, found: tuple[bool, str, str]) -> None:
    assert read_go(f"{HEAD}func init() {{\n\t{body}\n}}\n".encode()) == found


# answers of goose itself
@pytest.mark.parametrize(
    ("source", "message"),
    [
        (HEAD, "no init function"),
        (f"{HEAD}func init()\n", "no function body"),
        (f"{HEAD}func init() {{\n\t// nothing\n}}\n", "no registered goose functions"),
        (f"{HEAD}func (t T) init() {{}}\nfunc init() {{ g.AddMigration(a, b) }}\n", "no registered goose functions"),
        (
            f"{HEAD}func init() {{ AddMigration(a, b); x = g.AddMigration(a, b); defer g.AddMigration(a, b) }}\n",
            (
                "goose register function must be one of: AddMigration, AddMigrationNoTx, AddMigrationContext, "
                "AddMigrationNoTxContext"
            ),
        ),
        (
            f"{HEAD}func init() {{ g.AddMigration(a, b); g.AddMigrationNoTx(a, b) }}\n",
            "found duplicate registered functions:\nprevious: AddMigration\ncurrent: AddMigrationNoTx",
        ),
        (f"{HEAD}func init() {{ g.AddMigration(a) }}\n", "registered goose functions have 2 arguments: got 1"),
        (f"{HEAD}func init() {{ g.AddMigration() }}\n", "registered goose functions have 2 arguments: got 0"),
        (f"{HEAD}func init() {{ g.AddMigration(x.a, b) }}\n", "failed to assert argument identifier: got *ast.Ident"),
        (f"{HEAD}func init() {{ g.AddMigration((a), b) }}\n", "failed to assert argument identifier: got *ast.Ident"),
    ],
)  # fmt: skip
def test_what_goose_refuses(source: str, message: str) -> None:
    with pytest.raises(GoFileError) as caught:
        read_go(source.encode())
    assert str(caught.value) == message


# answers of Go's parser
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "1:1: expected 'package', found 'EOF'"),
        ("-- +goose Up\n", "1:1: expected 'package', found '--'"),
        ("func init() {}\n", "1:1: expected 'package', found 'func'"),
        ("package\n", "1:9: expected 'IDENT', found 'EOF'"),
        ("package m\nx := 1\n", "2:1: expected declaration, found x"),
        ("package m\nvar x = 1\nimport \"y\"\n", "3:1: imports must appear before other declarations"),
        ("package m import \"x\"\n", "1:11: expected ';', found 'import'"),
        ("package m\nfunc init() {\n\tg.AddMigration(a, b)\n", "3:23: expected '}', found 'EOF'"),
        ("package m\nfunc init() {\n\tg.AddMigration(a, b}\n", None),
        ("package m\nfunc init() {\n\tx(\"a)\n}\n", "3:4: string literal not terminated"),
    ],
)  # fmt: skip
def test_what_go_refuses(source: str, message: str | None) -> None:
    with pytest.raises(GoSyntaxError) as caught:
        read_go(source.encode())
    assert message is None or str(caught.value) == message


@given(
    st.binary(max_size=50) | st.text('func init(){}.\ngoose,AddMigration;"`/ ', max_size=60).map(str.encode)
)
def test_nothing_but_its_errors(data: bytes) -> None:
    try:
        read_go(b"package m\n" + data)
    except (GoFileError, GoSyntaxError):
        return
    assert b"init" in data
