"""The guide's connection test from inside the cluster: a Pod that runs psql and is gone afterwards.

The guide's form has the connection string, password and all, in the arguments of kubectl and so in the Pod's
spec, where everybody who may list Pods reads it. Here the Pod takes it from the target's Secret, and psql
takes the password from its environment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from greylag.errors import TargetError

if TYPE_CHECKING:
    from greylag.model.target import Target

POD, IMAGE = "psql-test", "postgres:16"

# bash's own words all through: a program started with the password as an argument would show it.
SCRIPT = r"""
u=$DATABASE_URL
case $u in *://*) ;; *) echo 'the Secret holds no URL' >&2; exit 2;; esac
rest=${u#*://}; place=${rest%%[/?#]*}; tail=${rest#"$place"}
case $tail in *password=*) echo 'the URL in the Secret has its password behind ?' >&2; exit 2;; esac
if [[ $place == *@* ]]; then
  login=${place%@*}; place=${place##*@}
  if [[ $login == *:* ]]; then
    secret=${login#*:}; secret=${secret//\\/\\\\}
    printf -v PGPASSWORD %b "${secret//%/\\x}"; export PGPASSWORD
  fi
  place=${login%%:*}@$place
fi
unset DATABASE_URL u rest login secret
exec psql -X "postgres://$place$tail" -c 'SELECT 1'
""".strip()
"""What the Pod runs: the password of the URL goes into PGPASSWORD, what is left of the URL to psql."""


class ClusterTest(NamedTuple):
    """The test of one target, as the words of a command."""

    target: Target
    words: list[str]


def cluster_test(target: Target, *, terminal: bool = True) -> ClusterTest:
    """The kubectl command for a target; ``terminal`` is whether one is there to attach.

    Raises TargetError for a target of which no Secret and namespace are known.
    """
    places = target.secrets
    if places is None or not places.kubernetes.name:
        hint = (
            "name a target of an environment (service@environment), and let [secrets] say "
            'kubernetes = { name = "…", key = "…" }'
        )
        raise TargetError(f"{target.name} has no Secret in a cluster that is known here", hint=hint)
    if target.engine != "postgres":
        raise TargetError(f"{target.name} is {target.engine}: psql cannot test it")
    name, key = places.kubernetes
    reference = {"secretKeyRef": {"name": name, "key": key}}
    container = {
        "name": POD,
        "image": IMAGE,
        "command": ["bash", "-c", SCRIPT],
        "env": [{"name": "DATABASE_URL", "valueFrom": reference}],
        "stdin": True,
        "stdinOnce": True,
        "tty": terminal,
    }
    # the list of containers is replaced whole, by whatever way of merging this kubectl has
    overrides = {"apiVersion": "v1", "spec": {"containers": [container]}}
    words = ["kubectl", "run", POD, "--rm", "-it" if terminal else "-i", "--restart=Never"]
    words += [f"--image={IMAGE}", *([f"--namespace={places.namespace}"] if places.namespace else [])]
    return ClusterTest(target, [*words, f"--overrides={json.dumps(overrides)}"])
