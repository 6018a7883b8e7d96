"""What became of the edits, in a sentence. Pure.

The plan has said it already for the case that all goes well; here is what is said when not all of it does,
and for edits that are done without a plan: those of a question that was answered, and undo.
"""

from collections.abc import Sequence

from todotasks.edits.model.edit import Edit, EditResult, Problem
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import phrase

MOST_PROBLEMS = 3  # said in full

_VERBS = {
    "en": {
        "create": "Created {}.",
        "patch": "Changed {}.",
        "complete": "Completed {}.",
        "reopen": "Reopened {}.",
        "delete": "Deleted {}.",
        "same": "{} was so already.",
    },
    "de": {
        "create": "{} angelegt.",
        "patch": "{} geändert.",
        "complete": "{} erledigt.",
        "reopen": "{} wieder geöffnet.",
        "delete": "{} gelöscht.",
        "same": "{} war schon so.",
    },
}


def report(reply: str, done: Sequence[EditResult], *, dry_run: bool, language: str) -> str:
    """`reply` is what the plan says when all of it is done; empty: say it by the edits."""
    language = language if language in _VERBS else "en"
    refused = [each for each in done if each.result in {"refused", "planned"}]
    if not refused:
        text = reply or list_results(done, language)
        return phrase(language, "dry-run", reply=text) if dry_run else text
    succeeded = [each for each in done if each.result not in {"refused", "planned"}]
    parts = [list_results(succeeded, language)] if succeeded else []
    problems = list(dict.fromkeys(each.problem.message for each in refused if each.problem is not None))
    parts += problems[:MOST_PROBLEMS]
    text = " ".join(parts)
    unsaid = [title_of_edit(each.edit) for each in refused if quoted(title_of_edit(each.edit)) not in text]
    if succeeded and unsaid:
        parts.append(phrase(language, "not-done", titles=quoted_list(unsaid, language)))
    return " ".join(parts)


def list_results(done: Sequence[EditResult], language: str = "en") -> str:
    """Created “a”. Completed “b” and “c”."""
    words = _VERBS.get(language, _VERBS["en"])
    groups: dict[str, list[str]] = {}
    for each in done:
        kind = "same" if each.result == "unchanged" and each.edit.verb != "create" else kind_of(each.edit)
        groups.setdefault(kind, []).append(title_of_edit(each.edit))
    return " ".join(words[kind].format(quoted_list(titles, language)) for kind, titles in groups.items())


def taken_back(done: Sequence[EditResult], language: str = "en") -> str:
    """Taken back: “a” is as it was, “b” is gone again."""
    groups: dict[str, list[str]] = {}
    for each in done:
        groups.setdefault(each.edit.verb, []).append(title_of_edit(each.edit))
    parts = [
        phrase(
            language,
            f"undone-{verb}" + ("-many" if len(titles) > 1 else ""),
            titles=quoted_list(titles, language),
        )
        for verb, titles in groups.items()
    ]
    return phrase(language, "undone", told=", ".join(parts)) if parts else phrase(language, "undone-already")


def kind_of(edit: Edit) -> str:
    spec = (edit.patch or {}).get("spec") or {}
    if edit.verb == "patch" and edit.resource == "todotasks" and set(spec) == {"completed"}:
        return "complete" if spec["completed"] else "reopen"
    return edit.verb


def title_of_edit(edit: Edit) -> str:
    return edit.title or edit.name


def first_problem(done: Sequence[EditResult]) -> Problem | None:
    return next((each.problem for each in done if each.problem is not None), None)
