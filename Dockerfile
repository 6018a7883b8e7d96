# syntax=docker/dockerfile:1
# One image a part: docker build --target gateway --tag registry.example.com/todotasks-gateway:0.1.0 .
#
# BASE is any image with Python 3.11 to 3.14 as `python3`, its venv module, and a C library like that of Debian (the
# wheels of requirements/all.lock are for glibc). It has its digest, so that what you build today you build tomorrow; yours
# should have one, too (--build-arg BASE=…@sha256:…).
ARG BASE=docker.io/library/python:3.13.14-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8

FROM ${BASE} AS build
WORKDIR /src
# `strip`; where no packages can be had the images are larger.
RUN command -v strip || { apt-get update && apt-get install --yes --no-install-recommends binutils; } || true
COPY requirements requirements
RUN python3 -m venv /build \
 && /build/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.lock
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY operator operator
COPY webhook webhook
COPY chat-gateway/chat_gateway chat-gateway/chat_gateway
COPY consumers consumers
COPY cli cli
COPY crds crds
COPY manifests manifests
# The versions, and the hashes that each download must have, are those of the lock; a part gets what it imports.
COPY scripts/install-part scripts/compile-part scripts/
RUN python3 -m venv --without-pip /opt/todotasks \
 && /build/bin/uv build --wheel --build-constraints requirements/all.lock --python /build/bin/python --out-dir /wheels

FROM build AS build-operator
RUN scripts/install-part /build/bin/uv /opt/todotasks/bin/python /wheels/*.whl operator,tracing todo_operator.process.main
FROM build AS build-webhook
RUN scripts/install-part /build/bin/uv /opt/todotasks/bin/python /wheels/*.whl webhook,tracing todo_webhook.main
FROM build AS build-gateway
RUN scripts/install-part /build/bin/uv /opt/todotasks/bin/python /wheels/*.whl gateway,tracing chat_gateway.server.main todotasks.tools.mcp_server mcp.server.streamable_http_manager
FROM build AS build-consumers
RUN scripts/install-part /build/bin/uv /opt/todotasks/bin/python /wheels/*.whl consumers,tracing todo_consumers.notifier.main todo_consumers.audit.main
FROM build AS build-cli
RUN scripts/install-part /build/bin/uv /opt/todotasks/bin/python /wheels/*.whl verify todo_cli.main todo_cli.commands.verify

# What all parts share: nobody's account, no shell needed, nothing of the build.
FROM ${BASE} AS runtime
ENV PATH=/opt/todotasks/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPYCACHEPREFIX=/opt/todotasks/compiled
USER 10001:10001
EXPOSE 8080

FROM runtime AS operator
COPY --from=build-operator /opt/todotasks /opt/todotasks
ENTRYPOINT ["todo-operator"]

FROM runtime AS webhook
COPY --from=build-webhook /opt/todotasks /opt/todotasks
EXPOSE 9443
ENTRYPOINT ["todo-webhook"]

FROM runtime AS gateway
COPY --from=build-gateway /opt/todotasks /opt/todotasks
EXPOSE 8081
ENTRYPOINT ["todo-gateway"]

FROM runtime AS notifier
COPY --from=build-consumers /opt/todotasks /opt/todotasks
ENTRYPOINT ["todo-notifier"]

FROM runtime AS audit
COPY --from=build-consumers /opt/todotasks /opt/todotasks
ENTRYPOINT ["todo-audit"]

# `todotasks` beside the parts: `helm test` runs its `verify`.
FROM runtime AS cli
COPY --from=build-cli /opt/todotasks /opt/todotasks
ENTRYPOINT ["todotasks"]
