"""What came of the edits, in a sentence. Pure.

The plan has said it already for the case that all goes well; here is what is said when not all of it does,
and for edits that are done without a plan: those of a question that was answered, and undo.
"""

from collections.abc import Sequence

from todotasks.edits.model.answer import Done, Edit, Problem
from todotasks.edits.wording.formatting import quoted, quoted_list

MOST_PROBLEMS = 3  # said in full

# key: (English, German)
_SAYINGS = {
    "dry-run": (
        "Dry run, nothing was changed. It would be: {reply}",
        "Probelauf, nichts wurde geändert. Es wäre: {reply}",
    ),
    "not-done": ("Not done: {titles}.", "Nicht getan: {titles}."),
    "nothing-done": ("Nothing was done.", "Es wurde nichts getan."),
    "undone-already": ("It is as it was before already.", "Es ist schon wie vorher."),
    "undone": ("Taken back: {told}.", "Rückgängig gemacht: {told}."),
    "undone-create": ("{titles} is there again", "{titles} ist wieder da"),
    "undone-patch": ("{titles} is as it was", "{titles} ist wie vorher"),
    "undone-create-many": ("{titles} are there again", "{titles} sind wieder da"),
    "undone-patch-many": ("{titles} are as they were", "{titles} sind wie vorher"),
    "undone-delete-many": ("{titles} are gone again", "{titles} sind wieder weg"),
    "undone-delete": ("{titles} is gone again", "{titles} ist wieder weg"),
    "answers": ("The answer to: {question}", "Die Antwort auf: {question}"),
    "answer-unclear": ("That is no answer I understand.", "Diese Antwort verstehe ich nicht."),
    "no-such-number": (
        "There is no number {number}; there are {count}.",
        "Es gibt keine Nummer {number}, nur {count}.",
    ),
    "question-dropped": (
        "The question before was dropped.",
        "Die Frage davor gilt nicht mehr.",
    ),
    "question-too-old": (
        "The question before was asked too long ago, so it does not count any more.",
        "Die Frage davor ist zu lange her und gilt nicht mehr.",
    ),
    "rest-left": ("The rest of the message was left undone.", "Der Rest der Nachricht blieb ungetan."),
    "too-much-to-undo": (
        "This was too much to be taken back by undo.",
        "Das war zu viel, um es rückgängig zu machen.",
    ),
    "not-remembered": (
        "This conversation could not be kept: “it”, numbers and undo will not know of it.",
        "Dieses Gespräch konnte nicht gespeichert werden: „es“, Nummern und „rückgängig“ kennen es nicht.",
    ),
    "model-asks": (
        "Nothing is done yet, because {reason}. With your yes it will be: {reply}",
        "Noch ist nichts getan ({reason}). Mit einem Ja heißt es dann: {reply}",
    ),
}
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


def outcome(reply: str, done: Sequence[Done], *, dry_run: bool, language: str) -> str:
    """`reply` is what the plan says when all of it is done; empty: say it by the edits."""
    language = language if language in _VERBS else "en"
    refused = [each for each in done if each.result in {"refused", "planned"}]
    if not refused:
        text = reply or told(done, language)
        return said("dry-run", language, reply=text) if dry_run else text
    succeeded = [each for each in done if each.result not in {"refused", "planned"}]
    parts = [told(succeeded, language)] if succeeded else []
    problems = list(dict.fromkeys(each.problem.message for each in refused if each.problem is not None))
    parts += problems[:MOST_PROBLEMS]
    text = " ".join(parts)
    unsaid = [title(each.edit) for each in refused if quoted(title(each.edit)) not in text]
    if succeeded and unsaid:
        parts.append(said("not-done", language, titles=quoted_list(unsaid, language)))
    return " ".join(parts)


def said(key: str, language: str, **values: object) -> str:
    english, german = _SAYINGS[key]
    return (german if language == "de" else english).format(**values)


def told(done: Sequence[Done], language: str = "en") -> str:
    """Created “a”. Completed “b” and “c”."""
    words = _VERBS.get(language, _VERBS["en"])
    groups: dict[str, list[str]] = {}
    for each in done:
        kind = "same" if each.result == "unchanged" and each.edit.verb != "create" else kind_of(each.edit)
        groups.setdefault(kind, []).append(title(each.edit))
    return " ".join(words[kind].format(quoted_list(titles, language)) for kind, titles in groups.items())


def taken_back(done: Sequence[Done], language: str = "en") -> str:
    """Taken back: “a” is as it was, “b” is gone again."""
    groups: dict[str, list[str]] = {}
    for each in done:
        groups.setdefault(each.edit.verb, []).append(title(each.edit))
    parts = [
        said(
            f"undone-{verb}" + ("-many" if len(titles) > 1 else ""),
            language,
            titles=quoted_list(titles, language),
        )
        for verb, titles in groups.items()
    ]
    return said("undone", language, told=", ".join(parts)) if parts else said("undone-already", language)


def kind_of(edit: Edit) -> str:
    spec = (edit.patch or {}).get("spec") or {}
    if edit.verb == "patch" and edit.resource == "todotasks" and set(spec) == {"completed"}:
        return "complete" if spec["completed"] else "reopen"
    return edit.verb


def title(edit: Edit) -> str:
    return edit.title or edit.name


def first_problem(done: Sequence[Done]) -> Problem | None:
    return next((each.problem for each in done if each.problem is not None), None)
