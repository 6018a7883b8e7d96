"""The manifests against a real API server."""

from tests.integration.crds.conftest import kube  # noqa: F401 - a fixture
