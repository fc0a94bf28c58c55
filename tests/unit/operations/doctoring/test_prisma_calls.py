from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greylag.environments.resolution import Request, resolve
from greylag.operations.doctoring.prisma_calls import calls_below, calls_in, judge_calls

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = """\
{
  "scripts": {
    "deploy": "prisma migrate deploy && next build",
    "push": "npx prisma@6.19.3 db push --force-reset",
    "prisma:migrate": "pnpm --filter x exec prisma migrate dev --name x",
    "postinstall": "prisma generate && prisma migrate status"
  },
  "devDependencies": {"prisma": "^6"}
}
"""
DOCKERFILE = """\
FROM node
# RUN npx prisma migrate dev
RUN npm ci && \\
    npx prisma \\
      migrate deploy
CMD ["npx", "prisma", "migrate", "deploy"]
"""
JOB = """\
spec:
  args:
    - npx
    - prisma
    - migrate
    - deploy
  restartPolicy: Never
  run: |
    yarn prisma migrate reset --force # as ever
    echo "never prisma db push"
    echo first; prisma db push
"""
SHELL = """\
node node_modules/prisma/build/index.js migrate deploy
prisma --schema=a/b.prisma migrate deploy
prisma --schema prisma/schema.prisma db push
my-prisma migrate deploy
prisma migrate development
npm run prisma -- migrate resolve
bunx prisma db pull # and no prisma db push
"""


@pytest.mark.parametrize(
    ("name", "text", "calls"),
    [
        ("package.json", PACKAGE, [(3, "migrate deploy"), (4, "db push"), (5, "migrate dev")]),
        ("package.json", PACKAGE.replace("\n", "\r\n"), [(3, "migrate deploy"), (4, "db push"), (5, "migrate dev")]),
        ("Dockerfile", DOCKERFILE, [(4, "migrate deploy"), (6, "migrate deploy")]),
        ("job.yaml", JOB, [(4, "migrate deploy"), (9, "migrate reset"), (11, "db push")]),
        ("x.sh", SHELL, [(1, "migrate deploy"), (2, "migrate deploy"), (3, "db push"), (6, "migrate resolve")]),
        ("Makefile", "m:\n\t@echo prisma migrate dev\n\tpnpm prisma migrate dev\n", [(3, "migrate dev")]),
    ],
)  # fmt: skip
def test_calls_are_found_at_their_lines(name: str, text: str, calls: list[tuple[int, str]]) -> None:
    assert calls_in(text, name) == calls


def put(base: Path, *names: str, text: str = "npx prisma migrate deploy\n") -> None:
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text)


def test_the_files_that_are_run_are_looked_at(tmp_path: Path) -> None:
    run = [
        ".gitea/workflows/ci.yml", ".github/workflows/deploy.yaml", ".gitlab-ci.yml", "Dockerfile", "Makefile",
        "app/Chart.yaml", "app/templates/_job.tpl", "app/values.yaml", "docker/Dockerfile.migrate", "helm/x/job.yaml",
        "scripts/db.sh",
    ]  # fmt: skip
    put(tmp_path, *run)
    put(tmp_path, "README.md", "src/a.ts", "i18n/de.yaml", "node_modules/x/install.sh", ".git/hooks/x.sh")
    (tmp_path / "picture.sh").write_bytes(b"\xff\xfeprisma migrate deploy")
    found = list(calls_below(str(tmp_path)))
    assert sorted(call.path for call in found) == [str(tmp_path / name) for name in sorted(run)]
    assert {call[1:] for call in found} == {(1, "migrate deploy")}


def test_a_service_is_told_once_and_the_root_with_the_first_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "greylag.toml").write_text(
        "[services.one.databases]\na = {}\nb = {migrations = 'b'}\n[services.two.databases.two]\n"
    )
    put(tmp_path, "services/one/Makefile", "services/two/Makefile", "Makefile")
    monkeypatch.chdir(tmp_path)
    resolution = resolve(Request(str(tmp_path), {}))
    told = {
        target.name: [each.text.split(" ")[0] for each in judge_calls(target, resolution)]
        for target in resolution.targets
    }
    assert told == {
        "one/a@local": ["services/one/Makefile:1", "Makefile:1"],
        "one/b@local": [],
        "two@local": ["services/two/Makefile:1"],
    }
    (finding,) = judge_calls(resolution.targets[2], resolution)
    assert finding.level == "warn"
    assert finding.next[0].startswith("greylag up TARGET applies what is pending")


def test_a_plain_folder_has_one_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "Makefile")
    (tmp_path / "migrations").mkdir()
    monkeypatch.chdir(tmp_path)
    resolution = resolve(Request(str(tmp_path), {}, dsn="sqlite:x.db", folder="migrations"))
    assert [each.text.split(" ")[0] for each in judge_calls(resolution.targets[0], resolution)] == [
        "Makefile:1"
    ]
