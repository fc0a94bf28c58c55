from __future__ import annotations

from greylag.schema.ddl.order import Piece, ordered


def piece(name: str, text: str = "", rank: int = 0) -> Piece:
    return Piece(rank, (name,), name, (text or f"CREATE {name}",))


def names(*pieces: Piece) -> list[str]:
    return [each.name for each in ordered(pieces)]


def test_by_rank_and_then_by_key() -> None:
    assert names(piece("b"), piece("a", rank=1), piece("c")) == ["b", "c", "a"]


def test_what_a_text_names_comes_before_it() -> None:
    assert names(piece("a", "SELECT * FROM z"), piece("m"), piece("z")) == ["z", "a", "m"]
    assert names(piece("a", 'SELECT * FROM "Odd ""one"'), piece('Odd "one')) == ['Odd "one', "a"]
    assert names(piece("a", "SELECT 1 === 2"), piece("===", "CREATE OPERATOR x", rank=3)) == ["===", "a"]


def test_a_chain_as_long_as_it_may_be() -> None:
    chain = [piece(f"v{number:04}", f"SELECT * FROM v{number + 1:04}") for number in range(3000)]
    assert names(*chain) == [f"v{number:04}" for number in reversed(range(3000))]


def test_a_circle_is_broken_and_loses_nothing() -> None:
    assert sorted(names(piece("a", "b"), piece("b", "a"), piece("c", "a"))) == ["a", "b", "c"]


def test_needs_count_as_words_do() -> None:
    assert [each.name for each in ordered([piece("a")._replace(needs=("z",)), piece("z")])] == ["z", "a"]


def test_a_column_called_as_a_view_does_not_put_the_view_before_its_table() -> None:
    table = Piece(2, ("public", "users"), "users", ('CREATE TABLE users ("1st" int);',))
    view = Piece(3, ("public", "1st"), "1st", ('CREATE VIEW "1st" AS SELECT "1st" FROM users;',))
    assert ordered([view, table]) == [table, view]
    typed = Piece(2, ("public", "a"), "a", ('CREATE TABLE a (v "1st");',))
    assert ordered([view, table, typed]) == [table, view, typed]
