"""The command for a Pod; its script is run by a real bash with a psql that shows what it got."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from greylag.errors import TargetError
from greylag.model.target import SecretPlaces, Target
from greylag.model.workspace import KubernetesSecret, Vault
from greylag.operations.doctoring.cluster import SCRIPT, cluster_test

if TYPE_CHECKING:
    from pathlib import Path


def target(engine: str = "postgres", secret: str = "shop-secret", namespace: str = "prod") -> Target:
    kubernetes = KubernetesSecret(secret, "database-url")
    places = SecretPlaces(("kubernetes",), ("SHOP_URL",), Vault("", "", "", ""), kubernetes, namespace)
    return Target("shop@prod", "shop", "shop", "prod", engine, "/m", "t", "shop", True, False, places)


def test_the_words() -> None:
    words = cluster_test(target()).words
    assert words[:-1] == [
        "kubectl", "run", "psql-test", "--rm", "-it", "--restart=Never", "--image=postgres:16",
        "--namespace=prod",
    ]  # fmt: skip
    overrides = json.loads(words[-1].removeprefix("--overrides="))
    (container,) = overrides["spec"]["containers"]
    assert container["env"][0]["valueFrom"]["secretKeyRef"] == {"name": "shop-secret", "key": "database-url"}
    assert container["command"] == ["bash", "-c", SCRIPT] and container["tty"]


def test_without_a_terminal_or_a_namespace() -> None:
    words = cluster_test(target(namespace=""), terminal=False).words
    assert words[4] == "-i" and not [word for word in words if word.startswith("--namespace")]


@pytest.mark.parametrize("unfit", [target(secret=""), target()._replace(secrets=None), target("sqlite")])
def test_targets_it_is_not_for(unfit: Target) -> None:
    with pytest.raises(TargetError):
        cluster_test(unfit)


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgres://ann:p%26%5Cn%24x@db:5432/shop?sslmode=require", "postgres://ann@db:5432/shop?sslmode=require", r"p&\n$x"),
        ("postgresql://ann:a:b@[::1]/shop", "postgres://ann@[::1]/shop", "a:b"),
        ("postgres://ann:at%40at@db", "postgres://ann@db", "at@at"),
        ("postgres://ann@db/shop", "postgres://ann@db/shop", "none"),
        ("postgres://db/shop", "postgres://db/shop", "none"),
    ],
)  # fmt: skip
def test_the_password_is_in_no_argument(tmp_path: Path, url: str, shown: str, password: str) -> None:
    fake = tmp_path / "psql"
    fake.write_text('#!/bin/bash\nprintf "%s\\n" "$*" "${PGPASSWORD-none}" "${DATABASE_URL-none}"\n')
    fake.chmod(0o755)
    done = run(tmp_path, url)
    assert done.stdout.splitlines() == [f"-X {shown} -c SELECT 1", password, "none"], done.stderr


@pytest.mark.parametrize("url", ["host=db password=p", "postgres://db/x?password=p"])
def test_forms_whose_password_cannot_be_taken_out(tmp_path: Path, url: str) -> None:
    done = run(tmp_path, url)
    assert done.returncode == 2 and "the Secret" in done.stderr and "=p" not in done.stderr


def run(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "DATABASE_URL": url}
    return subprocess.run(["bash", "-c", SCRIPT], capture_output=True, text=True, env=environ)
