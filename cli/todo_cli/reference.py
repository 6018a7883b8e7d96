"""The API reference pages, `docs/reference/*.md`, from the CRDs.

`crds/` says what each kind is, to the API server, to `kubectl explain` and, through this module, to
people: a CRD goes in, one Markdown page comes out, and nothing is written by hand. `--check` writes
nothing and fails when a page on disk differs, so that a page cannot say what the API no longer does.

    python -m todo_cli.reference [--check]
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]

ROOT = Path(__file__).parents[2]
INDEX = "README.md"
GENERATED = "<!-- Made from the CRDs by `python -m todo_cli.reference`. Edit crds/, not this page. -->"
LONGEST_LISTED = 8  # enum values that are listed in the type; more of them get a sentence


@dataclass(frozen=True)
class Kind:
    """A CRD, as far as a page needs it."""

    file: str
    names: Schema
    group: str
    version: Schema

    @property
    def name(self) -> str:
        return str(self.names["kind"])

    @property
    def page(self) -> str:
        return f"{self.names['plural']}.md"

    @property
    def schema(self) -> Schema:
        schema: Schema = self.version["schema"]["openAPIV3Schema"]
        return schema


def load(crds: Path) -> list[Kind]:
    """The kinds of a folder, in the order of their names."""
    kinds = []
    for path in sorted(crds.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if document.get("kind") == "CustomResourceDefinition":
            spec = document["spec"]
            kinds.append(Kind(path.name, spec["names"], spec["group"], spec["versions"][0]))
    if not kinds:
        raise FileNotFoundError(f"{crds}: no CustomResourceDefinition in it")
    return sorted(kinds, key=lambda kind: kind.name)


def pages(kinds: list[Kind]) -> dict[str, str]:
    """What `docs/reference` has to contain: file name to text."""
    return {INDEX: index(kinds)} | {kind.page: page(kind) for kind in kinds}


def index(kinds: list[Kind]) -> str:
    lines = [GENERATED, "", "# API reference", ""]
    lines += ["| kind | what it is | `kubectl get` |", "|---|---|---|"]
    for kind in kinds:
        words = ", ".join(f"`{word}`" for word in (kind.names["plural"], *kind.names["shortNames"]))
        lines.append(f"| [{kind.name}]({kind.page}) | {first_sentence(kind.schema)} | {words} |")
    lines += ["", "`kubectl get todo` lists all of them; they are not in `all`.", ""]
    return "\n".join(lines)


def page(kind: Kind) -> str:
    return "\n".join([*_opening(kind), *_table_output(kind), *_rules_of_root(kind), *_objects(kind)])


def _opening(kind: Kind) -> Iterator[str]:
    words = " or ".join(f"`{word}`" for word in (kind.names["plural"], *kind.names["shortNames"]))
    yield from (GENERATED, "", f"# {kind.name}", "", paragraph(kind.schema), "")
    yield from (
        "```yaml",
        f"apiVersion: {kind.group}/{kind.version['name']}",
        f"kind: {kind.name}",
        "```",
        "",
    )
    yield f"`kubectl get` and `kubectl explain` know it as {words}. Defined in `crds/{kind.file}`."
    yield ""


def _table_output(kind: Kind) -> Iterator[str]:
    yield from ("## What `kubectl get` shows", "", "| column | from | what |", "|---|---|---|")
    for column in kind.version["additionalPrinterColumns"]:
        wide = " With `-o wide`." if column.get("priority") else ""
        what = column.get("description", "How long it has existed.")
        yield f"| {column['name']} | `{cell(column['jsonPath'])}` | {what}{wide} |"
    fields = ", ".join(f"`{field['jsonPath'][1:]}`" for field in kind.version["selectableFields"])
    yield from (
        "",
        f"`--field-selector` takes {fields}, besides `metadata.name` and `metadata.namespace`.",
        "",
    )


def _rules_of_root(kind: Kind) -> Iterator[str]:
    rules = kind.schema.get("x-kubernetes-validations", ())
    if rules:
        yield from ("## Rules", "", *(_rule("", rule) for rule in rules), "")


def _objects(kind: Kind) -> Iterator[str]:
    """One section for `spec`, one for `status`, each followed by the objects within."""
    for part in ("spec", "status"):
        yield from _object(part, kind.schema["properties"][part], depth=2)


def _object(path: str, schema: Schema, depth: int) -> Iterator[str]:
    yield from (f"{'#' * depth} {path}", "")
    if "description" in schema:
        yield from (paragraph(schema), "")
    yield from ("| field | type | what |", "|---|---|---|")
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        yield f"| `{name}` | {type_of(field)} | {what(field, required=name in required)} |"
    yield ""
    rules = [line for line in _rules(schema) if line]
    if rules:
        yield from ("What is asked of them, as the API server says it when it is not so:", "", *rules, "")
    for name, field in schema["properties"].items():
        inner = field.get("items", field)
        if "properties" in inner:
            mark = "[]" if "items" in field else ""
            yield from _object(
                f"{path}.{name}{mark}", {**field, **inner} if mark else field, min(depth + 1, 4)
            )


def _rules(schema: Schema) -> Iterator[str]:
    """The rules of an object, then those of its plain fields, each with the field it is about."""
    for rule in schema.get("x-kubernetes-validations", ()):
        yield _rule("", rule)
    for name, field in schema["properties"].items():
        inner = field.get("items", {})
        for rule in field.get("x-kubernetes-validations", ()) if "properties" not in field else ():
            yield _rule(name, rule)
        for rule in inner.get("x-kubernetes-validations", ()) if "properties" not in inner else ():
            yield _rule(f"{name}[]", rule)
        for rule in values_of(field).get("x-kubernetes-validations", ()):
            yield _rule(f"{name}.*", rule)


def _rule(field: str, rule: Schema) -> str:
    place = field or str(rule.get("fieldPath", "")).removeprefix(".")
    return f"- `{place}`: {rule['message']}" if place else f"- {rule['message']}"


def type_of(schema: Schema) -> str:
    """`string`, `list of string`, `One of A, B`: what a person writes there."""
    if "items" in schema:
        return f"list of {type_of(schema['items'])}"
    if "additionalProperties" in schema:
        return f"map of {type_of(schema['additionalProperties'])}"
    if schema.get("format") == "date-time":
        return "date-time"
    if "enum" in schema and len(schema["enum"]) <= LONGEST_LISTED:
        return " \\| ".join(f"`{value}`" for value in schema["enum"])
    return str(schema["type"])


def what(schema: Schema, *, required: bool) -> str:
    """The description with what else the schema says, in one table cell."""
    parts = [paragraph(schema)]
    if required:
        parts.append("**Required.**")
    if "default" in schema and not isinstance(schema["default"], dict):
        parts.append(f"Default: `{yaml.safe_dump(schema['default']).split(chr(10))[0]}`.")
    parts += _bounds(schema)
    return cell(" ".join(part for part in parts if part))


def _bounds(schema: Schema) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        yield f"{low:,} to {high:,}."
    elif low is not None:
        yield f"At least {low:,}."
    if "maxLength" in schema:
        yield f"At most {schema['maxLength']:,} characters."
    if "maxItems" in schema:
        each = schema["items"].get("maxLength")
        length = f", of {each:,} characters" if each else ""
        yield f"At most {schema['maxItems']:,} entries{_uniqueness(schema)}{length}."
    if "maxProperties" in schema:
        yield f"At most {schema['maxProperties']:,} entries."


def _uniqueness(schema: Schema) -> str:
    if schema["x-kubernetes-list-type"] == "map":
        return f", one for each `{', '.join(schema['x-kubernetes-list-map-keys'])}`"
    return ", each once" if schema["x-kubernetes-list-type"] == "set" else ""


def values_of(schema: Schema) -> Schema:
    values: Schema = schema.get("additionalProperties", {})
    return values


def paragraph(schema: Schema) -> str:
    return " ".join(str(schema.get("description", "")).split())


def first_sentence(schema: Schema) -> str:
    return paragraph(schema).split(". ")[0].rstrip(".") + "."


def cell(text: str) -> str:
    """Text that does not end its table cell."""
    return text.replace("\\|", "|").replace("|", "\\|")


def differences(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """Which pages a person has to make again; empty when none."""
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(
        [f"{folder / name} is missing" for name in wanted.keys() - found.keys()]
        + [f"{folder / name} belongs to no kind" for name in found.keys() - wanted.keys()]
        + [
            f"{folder / name} differs from the CRDs"
            for name in wanted.keys() & found.keys()
            if wanted[name] != found[name]
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m todo_cli.reference", description="Make docs/reference.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page differs")
    parser.add_argument("--crds", type=Path, default=ROOT / "crds", help="the folder of the CRDs")
    parser.add_argument(
        "--docs", type=Path, default=ROOT / "docs" / "reference", help="the folder of the pages"
    )
    options = parser.parse_args(arguments)
    wanted = pages(load(options.crds))
    if options.check:
        problems = differences(wanted, options.docs)
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            print("run: python -m todo_cli.reference", file=sys.stderr)
        return 1 if problems else 0
    options.docs.mkdir(parents=True, exist_ok=True)
    for stale in options.docs.glob("*.md"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        (options.docs / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages in {options.docs}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
