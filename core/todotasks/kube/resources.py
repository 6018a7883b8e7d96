"""The kinds we talk about, and where the API server keeps them.

A `Resource` is all that the client needs to build a path; nothing is discovered at run time, so the
first request of a process is already the one it wants to make.
"""

from typing import NamedTuple

from todotasks.api import GROUP, VERSION


class Resource(NamedTuple):
    """One kind of object: `group` is "" for the core group."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def label(self) -> str:
        """How kubectl and metrics call it: `todotasks.todotasks.dev`, `secrets`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(
        self, namespace: str | None = None, name: str | None = None, subresource: str | None = None
    ) -> str:
        """The URL path of a collection (without `name`) or of one object.

        A namespaced kind without a namespace means "in all namespaces", which only a collection has.
        """
        parts = ["/apis", self.group, self.version] if self.group else ["/api", self.version]
        if self.namespaced and namespace:
            parts += ["namespaces", _segment("namespace", namespace)]
        elif self.namespaced and name is not None:
            raise ValueError(f"{self.kind} {name!r} lives in a namespace, and none was given")
        parts.append(self.plural)
        if name is not None:
            parts.append(_segment("name", name))
        if subresource is not None:
            parts.append(subresource)
        return "/".join(parts)


def _segment(what: str, value: str) -> str:
    """One part of a path. Names that would lead elsewhere (`a/b`, `..`, `a?x`) never reach the wire:
    they come from people's words as well as from us."""
    if not value or value in {".", ".."} or any(char in "/%?#\\" or char <= " " for char in value):
        raise ValueError(f"{value!r} cannot be the {what} of an object")
    return value


TODOTASKS = Resource(GROUP, VERSION, "todotasks", "TodoTask")
RECURRENCERULES = Resource(GROUP, VERSION, "recurrencerules", "RecurrenceRule")
REMINDERS = Resource(GROUP, VERSION, "reminders", "Reminder")
NOTIFICATIONCHANNELS = Resource(GROUP, VERSION, "notificationchannels", "NotificationChannel")

NAMESPACES = Resource("", "v1", "namespaces", "Namespace", namespaced=False)
SECRETS = Resource("", "v1", "secrets", "Secret")
CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap")
SERVICEACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount")
EVENTS = Resource("events.k8s.io", "v1", "events", "Event")
LEASES = Resource("coordination.k8s.io", "v1", "leases", "Lease")
CRDS = Resource(
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced=False
)
ROLES = Resource("rbac.authorization.k8s.io", "v1", "roles", "Role")
ROLEBINDINGS = Resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")
CLUSTERROLES = Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced=False)
CLUSTERROLEBINDINGS = Resource(
    "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False
)
MUTATINGADMISSIONPOLICIES = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingadmissionpolicies",
    "MutatingAdmissionPolicy",
    namespaced=False,
)
MUTATINGADMISSIONPOLICYBINDINGS = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingadmissionpolicybindings",
    "MutatingAdmissionPolicyBinding",
    namespaced=False,
)
MUTATINGWEBHOOKCONFIGURATIONS = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    namespaced=False,
)
VALIDATINGWEBHOOKCONFIGURATIONS = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    namespaced=False,
)
VALIDATINGADMISSIONPOLICIES = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "validatingadmissionpolicies",
    "ValidatingAdmissionPolicy",
    namespaced=False,
)
VALIDATINGADMISSIONPOLICYBINDINGS = Resource(
    "admissionregistration.k8s.io",
    "v1",
    "validatingadmissionpolicybindings",
    "ValidatingAdmissionPolicyBinding",
    namespaced=False,
)

# Reviews are created and answered at once; nothing is stored.
SELFSUBJECTREVIEWS = Resource(
    "authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", namespaced=False
)
TOKENREVIEWS = Resource("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", namespaced=False)
SELFSUBJECTACCESSREVIEWS = Resource(
    "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False
)
SELFSUBJECTRULESREVIEWS = Resource(
    "authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", namespaced=False
)
SUBJECTACCESSREVIEWS = Resource(
    "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", namespaced=False
)

OUR_KINDS = (TODOTASKS, RECURRENCERULES, REMINDERS, NOTIFICATIONCHANNELS)
BY_KIND: dict[str, Resource] = {
    value.kind: value for value in list(globals().values()) if isinstance(value, Resource)
}
