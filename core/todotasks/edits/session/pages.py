"""The places where pages of a list begin, sealed for whom and for which API server they were made.

Planning knows them as they are (`plan.show`); here what goes to a person is sealed, and what comes back is
opened.
"""

import msgspec
from msgspec.structs import replace

from todotasks.edits.model.command import Command, ListTasks
from todotasks.edits.model.plan import Plan
from todotasks.edits.session.setting import Setting


class _Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    viewer: str
    place: str


def opened(command: Command, setting: Setting) -> Command:
    """The command with the place of its cursor; one that is nobody's where it was made for another."""
    if not isinstance(command, ListTasks) or command.cursor is None:
        return command
    content = setting.sealer.open(command.cursor)
    try:
        found = msgspec.json.decode(content or b"", type=_Place)
    except msgspec.MsgspecError:
        return replace(command, cursor="")
    return replace(command, cursor=found.place if found.viewer == _viewer(setting) else "")


def sealed(plan: Plan, setting: Setting) -> Plan:
    if plan.listing is None or plan.listing.next is None:
        return plan
    content = msgspec.json.encode(_Place(_viewer(setting), plan.listing.next))
    return replace(plan, listing=replace(plan.listing, next=setting.sealer.seal(content)))


def _viewer(setting: Setting) -> str:
    return f"{setting.client.config.server} {setting.owner}"
