#!/bin/sh
# The health check of a container: it ends well where httpd answers. The certificate is of this start, and of no name.
case "${SERVER_TLS:-off}" in on) scheme=https ;; *) scheme=http ;; esac
port=${LISTEN:-8090}
exec curl -skf -o /dev/null "$scheme://127.0.0.1:${port##*:}/healthz"
