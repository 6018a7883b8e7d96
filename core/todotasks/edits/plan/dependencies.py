"""What has to be done before what: said, taken back, asked."""

from todotasks.api import TodoTask
from todotasks.edits.model.command import Blockers, Changes, Target
from todotasks.edits.model.plan import Listing, Plan
from todotasks.edits.model.world import World
from todotasks.edits.targets.resolve import Found, Wanted, problem, resolve
from todotasks.edits.targets.rows import rows_of, sorted_tasks, title_of, titles_of
from todotasks.edits.wording.formatting import quoted, quoted_list
from todotasks.edits.wording.phrases import phrase


def tasks_named(target: Target | None, world: World) -> tuple[TodoTask, ...] | Plan:
    """The tasks that another one waits for. Several that fit are not asked for but named: a choice would
    replace the command's own target."""
    if target is None:
        return ()
    found = resolve(target, world, Wanted("open"))
    if isinstance(found, Found):
        return tuple(thing for thing in found.things if isinstance(thing, TodoTask))
    if found.question is None:
        return found
    titles = [row.title for row in found.question.rows]
    text = phrase(
        world.language, "one-dependency", count=len(titles), said=quoted(target.title or "it"),
        titles=quoted_list(titles, world.language),
    )  # fmt: skip
    return problem("Ambiguous", text, "spec.dependsOn")


def depending(task: TodoTask, changes: Changes, world: World) -> list[str] | Plan | None:
    """`spec.dependsOn` as it becomes; None: nothing was said of it."""
    if changes.depends_on is None and changes.independent_of is None:
        return None
    more, less = tasks_named(changes.depends_on, world), tasks_named(changes.independent_of, world)
    if isinstance(more, Plan):
        return more
    if isinstance(less, Plan):
        return less
    names = [each.metadata.name for each in more]
    if task.metadata.name in names:
        text = phrase(world.language, "own-dependency", what=quoted(title_of(task)))
        return problem("Invalid", text, "spec.dependsOn")
    for other in more:
        if _leads_to(other, task.metadata.name, world):
            what, before = quoted(title_of(task)), quoted(title_of(other))
            text = phrase(world.language, "dependency-circle", what=what, other=before)
            return problem("Invalid", text, "spec.dependsOn")
    gone = {each.metadata.name for each in less}
    kept = [name for name in task.spec.depends_on or () if name not in gone]
    return list(dict.fromkeys([*kept, *names]))


def _leads_to(task: TodoTask, name: str, world: World) -> bool:
    """Whether `task` waits, however far, for the one of this name."""
    seen: set[str] = set()
    waiting = [task.metadata.name]
    while waiting:
        there = world.task_by_name.get(waiting.pop())
        if there is None or there.metadata.name in seen:
            continue
        seen.add(there.metadata.name)
        waiting += there.spec.depends_on or ()
    return name in seen


def plan_blockers(command: Blockers, world: World) -> Plan:
    found = resolve(command.target, world, Wanted("open"))
    if isinstance(found, Plan):
        return found
    language = world.language
    tasks = [thing for thing in found.things if isinstance(thing, TodoTask)]
    if not tasks:
        return problem("NotFound", phrase(language, "nothing-fits"))
    names = {task.metadata.name for task in tasks}
    before = {name for task in tasks for name in task.spec.depends_on or ()}
    open_ones = [
        task
        for task in world.tasks
        if not task.spec.completed and (task.metadata.name in before or task.spec.parent in names)
    ]
    what = quoted_list(titles_of(tasks), language)
    missing = sorted(before - set(world.task_by_name))
    remarks = tuple(phrase(language, "dependency-gone", name=quoted(name), what=what) for name in missing)
    if not open_ones:
        return Plan(reply=phrase(language, "not-blocked", what=what), remarks=remarks)
    rows = rows_of(sorted_tasks(open_ones, "due", world), world)
    titles = quoted_list([row.title for row in rows], language)
    reply = phrase(language, "blocked-by", what=what, titles=titles)
    return Plan(reply=reply, listing=Listing(rows, len(rows), reply.rstrip(".")), remarks=remarks)
