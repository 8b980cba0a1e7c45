# Three images of one build, as a user without rights and with a read-only root. From the repository's root:
#   docker build --target cli -t entra-config .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL -v "$PWD:/work:ro" entra-config validate
#   docker build --target emulator -t entra-config-emulator .
#   docker run --read-only --tmpfs /state:mode=1777 --cap-drop ALL -p 127.0.0.1:8443:8443 entra-config-emulator
# Publish the emulator's port on loopback only, and under its own number: whoever reaches it signs in as anybody, and its URL is the
# issuer of tokens.
FROM python:3.13-slim AS build
COPY requirements.lock requirements-build.lock /
RUN python3 -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-compile --require-hashes --only-binary :all: -r /requirements.lock \
 && python3 -m venv /build \
 && /build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /requirements-build.lock
COPY . /source
RUN cd /source \
 && /build/bin/pip wheel --no-deps --no-build-isolation --check-build-dependencies --wheel-dir /wheel . \
 && /venv/bin/pip install --no-cache-dir --no-compile --no-deps /wheel/*.whl \
 && /venv/bin/pip uninstall --yes pip \
 && /venv/bin/python -m compileall -q -j 0 /venv/lib

# What a task of infra/fleet.yaml has besides: Amazon's client, from a lock file of its own.
FROM build AS build-fleet
COPY requirements-sinks.lock /
RUN /build/bin/pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes --only-binary :all: \
    -r /requirements-sinks.lock \
 && /venv/bin/python -m compileall -q -j 0 /venv/lib

# What all have: the program with its emulator, and nobody to run it as.
FROM python:3.13-slim AS program
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_STATE_HOME=/tmp/state
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin entra-config
COPY --from=build /venv /venv
ENTRYPOINT ["entra-config"]

FROM program AS emulator
# The record of what the emulator made is in the volume too: a container has no other place that lasts.
ENV ENTRA_EMULATOR_STATE=/state \
    XDG_STATE_HOME=/state/record
RUN install -d -m 1777 /state
USER 10001
VOLUME /state
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["entra-emulator", "status"]
ENTRYPOINT ["entra-emulator"]
# Exec form: SIGTERM reaches the process, which saves before it ends.
CMD ["start", "--foreground", "--host", "0.0.0.0", "--i-know-this-is-insecure-on-a-network"]

# The command line: the manifest is mounted below /work, where commands look for it.
FROM program AS cli
RUN install -d /work
WORKDIR /work
USER 10001
CMD ["--help"]

# A task of a fleet on ECS (docs/fleet.md): the checkout is copied to /work by a Dockerfile of its own, and what a task says of one
# chunk comes from its state machine, as numbers and names.
FROM program AS fleet
COPY --from=build-fleet /venv /venv
COPY infra/scripts/fleet_task.py /opt/fleet_task.py
RUN install -d /work && install -d -o 10001 -g 0 -m 0770 /results
WORKDIR /work
USER 10001
VOLUME /results
ENTRYPOINT ["python", "-I", "/opt/fleet_task.py"]
