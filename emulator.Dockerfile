# The emulator and the command line, as a user without rights and with a read-only root. From the repository's root:
#   docker build -f emulator.Dockerfile -t entra-config-emulator .
#   docker run --read-only --tmpfs /state:mode=1777 --cap-drop ALL -p 127.0.0.1:8443:8443 entra-config-emulator
# Publish the port on loopback only, and under its own number: whoever reaches it signs in as anybody, and its URL is the issuer of tokens.
# Any other command: docker run … entra-config-emulator validate -f /work
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

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENTRA_CONFIG_EMULATOR_STATE=/state
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin emulator \
 && install -d -o 10001 -g 0 -m 0770 /state
COPY --from=build /venv /venv
USER 10001
VOLUME /state
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["entra-config", "emulator", "status"]
# Exec form: SIGTERM reaches the process, which saves before it ends.
ENTRYPOINT ["entra-config"]
CMD ["emulator", "start", "--foreground", "--host", "0.0.0.0", "--i-know-this-is-insecure-on-a-network"]
