"""Who is asking, and may they: both asked of the API server, with the caller's own token.

`Identities.of(token)` is a SelfSubjectReview, good for ten seconds; a token that was refused is refused
for two more without asking. `Access.allowed` is a SelfSubjectAccessReview, good for five. So a token that
is revoked, or a role that is taken away, works for at most that long; kubectl's own caches in the API
server (webhook authorizers, token reviews) are no faster.

Nothing here has power of its own: there is no impersonation and no TokenReview.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from chat_gateway.base import metrics
from chat_gateway.base.problems import unauthorized
from chat_gateway.base.short_cache import ShortCache
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Unauthorized
from todotasks.kube.resources import SELFSUBJECTACCESSREVIEWS, SELFSUBJECTREVIEWS, Resource

KNOWN_FOR = 10.0  # seconds
REFUSED_FOR = 2.0  # seconds
ALLOWED_FOR = 5.0  # seconds
MOST_TOKENS = 20_000
MOST_ANSWERS = 50_000
LONGEST_TOKEN = 16 * 1024  # characters; a header has less


class UserInfo(msgspec.Struct, frozen=True):
    """authentication.k8s.io/v1 UserInfo."""

    username: str = ""
    uid: str = ""
    groups: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """One text for one user. With the uid: a ServiceAccount that is made anew is another one."""
        name = quote(self.username, safe=":@/.-_")
        return f"{name}#{quote(self.uid, safe='')}" if self.uid else name


@dataclass(frozen=True)
class Caller:
    """Who sent a request. `client` is the API server as they reach it: all they may do, nothing more."""

    user: UserInfo
    client: KubeClient = field(repr=False)
    key: bytes = field(repr=False)  # of their token; says nothing about it
    by_cookie: bool = False  # the browser sent it by itself: see security.refuse_cross_site

    @property
    def owner(self) -> str:
        return self.user.owner

    @property
    def username(self) -> str:
        return self.user.username


class _ReviewStatus(msgspec.Struct, rename="camel"):
    user_info: UserInfo = UserInfo()


class _Review(msgspec.Struct):
    status: _ReviewStatus


def key_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Identities:
    """`reviews` is a client of its own, so that logging in does not queue behind other people's lists."""

    def __init__(self, reviews: KubeClient, kube: KubeClient) -> None:
        self._reviews, self._kube = reviews, kube
        self._known: ShortCache[bytes, UserInfo | _Refused] = ShortCache(
            MOST_TOKENS, lambda value: REFUSED_FOR if isinstance(value, _Refused) else KNOWN_FOR
        )

    def must_be_asked(self, token: str) -> bool:
        """Whether this token would cost a question that nobody vouches for.

        A token that was good a moment ago may be asked again freely: a bad one gets no such credit.
        """
        key = key_of(token)
        if self._known.fresh(key) is not None or self._known.asking(key):
            return False
        return not isinstance(self._known.stale(key), UserInfo)

    async def of(self, token: str, *, by_cookie: bool = False) -> Caller:
        """The caller; `Refused` with 401 if the API server does not take the token."""
        key = key_of(token)
        found = await self._known.get(key, lambda: self._ask(token))
        if isinstance(found, _Refused):
            raise unauthorized("The API server does not accept this token; it may have expired.")
        return Caller(found, self._kube.as_caller(token), key, by_cookie)

    def forget(self, caller: Caller) -> None:
        """The API server has refused the token meanwhile."""
        self._known.forget(caller.key)

    async def _ask(self, token: str) -> "UserInfo | _Refused":
        # What no header can carry is no token; http would refuse to send it with an error of its own.
        if not token or len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable():
            return _Refused()
        try:
            answer = await self._reviews.as_caller(token).post_review(SELFSUBJECTREVIEWS, {})
        except Unauthorized:
            metrics.REVIEWS.labels("identity", "refused").inc()
            return _Refused()
        user = msgspec.convert(answer, _Review).status.user_info
        if not user.username or user.username == "system:anonymous":
            metrics.REVIEWS.labels("identity", "refused").inc()
            return _Refused()
        metrics.REVIEWS.labels("identity", "accepted").inc()
        return user


class _Refused:
    """A token that is no good."""


class Access:
    """What a caller may do. One question costs the API server 0.6 ms."""

    def __init__(self, reviews: KubeClient) -> None:
        self._reviews = reviews
        self._known: ShortCache[tuple[bytes, tuple[tuple[str, str], ...]], bool] = ShortCache(
            MOST_ANSWERS, lambda _: ALLOWED_FOR
        )

    async def allowed(
        self,
        caller: Caller,
        verb: str,
        resource: Resource,
        namespace: str | None = None,
        *,
        name: str = "",
        subresource: str = "",
        afresh: bool = False,
    ) -> bool:
        """Whether RBAC lets them. `namespace=None` asks for all namespaces (or a cluster-wide kind).

        `afresh`: what was answered a moment ago does not count.
        """
        asked = {
            "verb": verb,
            "group": resource.group,
            "resource": resource.plural,
            "namespace": namespace or "",
            "name": name,
            "subresource": subresource,
        }
        attributes = {key: value for key, value in asked.items() if value}
        key = (caller.key, tuple(attributes.items()))
        if afresh:
            self._known.forget(key)
        return await self._known.get(key, lambda: self._ask(caller, attributes))

    async def _ask(self, caller: Caller, attributes: dict[str, str]) -> bool:
        token = caller.client.config.token
        assert token is not None
        body: dict[str, Any] = {"spec": {"resourceAttributes": attributes}}
        answer = await self._reviews.as_caller(token).post_review(SELFSUBJECTACCESSREVIEWS, body)
        allowed = bool(answer.get("status", {}).get("allowed"))
        metrics.REVIEWS.labels("access", "accepted" if allowed else "refused").inc()
        return allowed
