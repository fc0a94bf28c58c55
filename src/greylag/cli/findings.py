"""Findings as lines for people and as JSON for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from greylag.cli.colour import tint
from greylag.cli.snippet import snippet
from greylag.model.masking import masked

if TYPE_CHECKING:
    from greylag.model.finding import Finding


def finding_text(finding: Finding) -> str:
    """Severity and message, the place with its line of the file, the rule, what to do."""
    tone = "bad" if finding.severity == "error" else "warn"
    lines = [
        f"{tint(finding.severity, tone, stream=sys.stderr)}: {finding.message}",  # type: ignore[arg-type]
        f"  {tint('-->', 'link', stream=sys.stderr)} {finding.where}",
        *(f"   {row}" for row in snippet(finding.where)),
    ]
    for name, text in (("next", finding.hint), ("rule", finding.rule)):
        lines.append(f"  {tint(f'{name}:', 'strong', stream=sys.stderr)} {text}")
    return masked("\n".join(lines))


def finding_facts(finding: Finding) -> dict[str, object]:
    """A finding as JSON."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": masked(finding.message),
        "hint": finding.hint,
        "file": finding.where.path,
        "line": finding.where.line,
        "column": finding.where.column,
    }
