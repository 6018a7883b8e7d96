"""What `-o` takes: formats of our own, and those that kubectl itself prints (`jsonpath=…`)."""

from collections.abc import Sequence
from typing import Any

import click

OURS = ("wide", "json", "yaml", "name", "kubectl")
OF_KUBECTL = (
    "jsonpath", "jsonpath-as-json", "jsonpath-file", "custom-columns", "custom-columns-file", "go-template",
    "go-template-file", "template", "templatefile",
)  # fmt: skip


def is_of_kubectl(output: str) -> bool:
    name, equals, _ = output.partition("=")
    return bool(equals) and name in OF_KUBECTL


class Format(click.Choice[str]):
    """A choice of ours, or one of kubectl's with its template."""

    def __init__(self, ours: Sequence[str] = OURS) -> None:
        super().__init__(ours)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if is_of_kubectl(str(value)):
            return str(value)
        if str(value) not in self.choices:
            of_kubectl = ", ".join(f"{name}=…" for name in ("jsonpath", "custom-columns", "go-template"))
            self.fail(f"{value!r}: expected one of {', '.join(self.choices)}, {of_kubectl}", param, ctx)
        return str(value)
