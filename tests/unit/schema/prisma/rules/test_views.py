from __future__ import annotations

GENERATOR = 'generator g {\n  provider = "x"\n  previewFeatures = ["views"]\n}\n'


def test_views_need_the_preview_feature(refusals_of) -> None:
    view = "view V {\n  id Int?\n}\n"
    generator = 'generator g {{\n  provider = "x"\n  previewFeatures = [{}]\n}}\n'
    assert "only available with the `views` preview feature" in "".join(refusals_of(view))
    assert "only available with the `views` preview feature" in "".join(
        refusals_of(generator.format("") + view)
    )
    assert refusals_of(generator.format('"metrics", "views"') + view) == []


def test_a_view_needs_no_key(refusals_of) -> None:
    assert (
        refusals_of(GENERATOR + "view V {\n  id Int?\n}\nview W {\n  a Int?\n  b Int?\n  @@unique([a, b])\n}")
        == []
    )


def test_a_view_has_no_keys_of_the_database(refusals_of) -> None:
    keys = '  a Int @id\n  b Int? @unique(map: "x")\n  a_b Int\n  @@index([b])\n  @@unique([a, b])\n  @@unique([b(length: 3)])'
    first, named, indexed, clash, options = refusals_of(f"{GENERATOR}view V {{\n{keys}\n}}")
    assert first == "Error validating: Views cannot have primary keys."
    assert named.endswith("and cannot specify a mapped database name.")
    assert indexed == "Error validating: Views cannot have indexes."
    assert clash.startswith('Error validating view "V": The field `a_b` clashes with the `@@unique` name.')
    assert options.endswith("Scalar fields in @@unique attributes in views cannot have arguments.")
