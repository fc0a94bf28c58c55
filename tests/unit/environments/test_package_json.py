from __future__ import annotations

import json

import pytest

from greylag.environments.package_json import with_script

PRISMA = '"devDependencies": {\n    "prisma": "^6.19.3"\n  }'
SCRIPTS = '"scripts": {\n    "build": "next build"\n  }'


def test_it_is_the_last_script_and_nothing_else_changes() -> None:
    text = f'{{\n  "name": "a",\n  {SCRIPTS},\n  "count": 1,\n  {PRISMA}\n}}\n'
    wanted = text.replace('build"\n', 'build",\n    "prisma": "greylag prisma"\n')
    assert wanted != text
    assert with_script(text) == wanted
    assert with_script(wanted) == wanted


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            '{"scripts": {"a": "b"}, "dependencies": {"prisma": "6"}}',
            '{"scripts": {"a": "b", "prisma": "greylag prisma"}, "dependencies": {"prisma": "6"}}',
        ),
        (
            '{"scripts":{},"dependencies":{"prisma":"6"}}',
            '{"scripts":{"prisma": "greylag prisma"},"dependencies":{"prisma":"6"}}',
        ),
        (
            '{\n\t"scripts": {},\n\t"dependencies": {"prisma": "6"}\n}',
            '{\n\t"scripts": {\n\t\t"prisma": "greylag prisma"\n\t},\n\t"dependencies": {"prisma": "6"}\n}',
        ),
        (
            '{\r\n  "dependencies": {"prisma": "6"}\r\n}\r\n',
            '{\r\n  "scripts": {\r\n    "prisma": "greylag prisma"\r\n  },\r\n  "dependencies": {"prisma": "6"}\r\n}\r\n',
        ),
        (
            '{"dependencies": {"prisma": "6"}}',
            '{"scripts": {"prisma": "greylag prisma"}, "dependencies": {"prisma": "6"}}',
        ),
        (
            '{"config": {"scripts": {}, "b": [{}]},\n "scripts": { "q": "{,\\"}" },\n "dependencies": {"prisma": "6"}}',
            (
                '{"config": {"scripts": {}, "b": [{}]},\n "scripts": { "q": "{,\\"}", "prisma": "greylag prisma" },\n'
                ' "dependencies": {"prisma": "6"}}'
            ),
        ),
    ],
)
def test_every_form_is_kept(text: str, after: str) -> None:
    assert with_script(text) == after
    assert json.loads(after)["scripts"]["prisma"] == "greylag prisma"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{ broken",
        '{"dependencies": {"react": "18"}}',
        '{"dependencies": ["prisma"]}',
        '{"scripts": {"prisma": "dotenv -- prisma"}, "dependencies": {"prisma": "6"}}',
        '{"scripts": [], "dependencies": {"prisma": "6"}}',
        '{"scripts": {"a": "b"}, "scripts": {"c": "d"}, "dependencies": {"prisma": "6"}}',
    ],
)
def test_what_it_is_not_for_stays(text: str) -> None:
    assert with_script(text) == text
