# Kith in a container: hash-locked packages, nobody's root, nothing to build with left inside.
#
#   docker build -t kith .
#   docker run --read-only --tmpfs /tmp -v kith:/data -p 127.0.0.1:3000:3000 -e KITH_SLACK_… kith
#
# compose.yaml runs it beside PostgreSQL. LOCK=otel brings the packages for OpenTelemetry along.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS built
ARG LOCK=runtime
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY locks/build.txt locks/${LOCK}.txt locks/
# The packages change seldom and Kith often, so they come first; pip stays outside of what is shipped.
RUN python -m venv --without-pip /opt/kith \
 && pip --python /opt/kith/bin/python install --only-binary :all: --require-hashes -r locks/${LOCK}.txt \
 && pip install --only-binary :all: --require-hashes -r locks/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY adapters adapters
COPY bot bot
COPY migrations migrations
COPY prompts prompts
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
 && pip --python /opt/kith/bin/python install --no-deps --no-index /tmp/wheel/*.whl

FROM ${PYTHON}
RUN pip uninstall --yes --root-user-action=ignore pip \
 && useradd --system --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin kith \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=built /opt/kith /opt/kith
# HOME is named because Slack's library asks for it, also under a --user that nobody knows.
ENV PATH=/opt/kith/bin:$PATH \
    HOME=/data \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KITH_DATABASE_URL=sqlite:////data/kith.db \
    KITH_DOOR_HOST=0.0.0.0 \
    KITH_LOG_FORMAT=json \
    KITH_METRICS_PORT=8711
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Kith closes within half a minute of being told to; give it that (docker stop --time 40).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8711/readyz', timeout=5)"]
ENTRYPOINT ["kith"]
CMD ["serve"]
