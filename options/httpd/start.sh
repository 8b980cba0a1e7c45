#!/bin/sh
# Starts httpd as one of the two sites: settings and secrets of the environment in, files that only it reads in their place.
set -eu
umask 077
HERE=$(cd "$(dirname "$0")" && pwd)
RUN=${RUN:-/tmp}
LISTEN=${LISTEN:-8090}
SETTINGS=$RUN/settings.conf

if [ -n "${SETTINGS_CONF:-}" ]; then
    printf '%s\n' "$SETTINGS_CONF" >"$SETTINGS"
else
    cp "${SETTINGS_FILE:?set SETTINGS_CONF to the text that entra-config settings wrote, or SETTINGS_FILE to its path}" "$SETTINGS"
fi

case "${SITE:?set SITE to web or api}" in
    web)
        BACKEND=${BACKEND:-http://127.0.0.1:8080}
        # One key, or for a change two with a comma between: the first seals and both open.
        SESSION_KEY=${SESSION_KEYS:?set SESSION_KEYS: openssl rand -base64 32}
        SESSION_KEY_PREVIOUS=
        case "$SESSION_KEYS" in
            ,* | *, | *,*,*) echo "SESSION_KEYS: one key, or two with a comma between" >&2; exit 1 ;;
            *,*) SESSION_KEY=${SESSION_KEYS%%,*} SESSION_KEY_PREVIOUS=${SESSION_KEYS#*,} ;;
        esac
        printf '%s' "$SESSION_KEY" >"$RUN/session-key"
        # What proves a write of the page is of this key and the person; a cookie says neither.
        CSRF_KEY=$(printf 'csrf %s' "$SESSION_KEY" | sha256sum | cut -c 1-64)
        CSRF_KEY_PREVIOUS=$(printf 'csrf %s' "${SESSION_KEY_PREVIOUS:-$SESSION_KEY}" | sha256sum | cut -c 1-64)
        export CSRF_KEY CSRF_KEY_PREVIOUS
        rm -f "$RUN/client.pem" "$RUN/client-secret" "$RUN/session-key-previous"
        if [ -n "$SESSION_KEY_PREVIOUS" ]; then
            printf '%s' "$SESSION_KEY_PREVIOUS" >"$RUN/session-key-previous"
        fi
        if [ -n "${CLIENT_CERTIFICATE:-}" ]; then
            printf '%s\n' "$CLIENT_CERTIFICATE" >"$RUN/client.pem"
        else
            printf '%s' "${CLIENT_SECRET:?set CLIENT_CERTIFICATE to the key and certificate as PEM, or CLIENT_SECRET}" >"$RUN/client-secret"
        fi
        ;;
    api) BACKEND=${BACKEND:-http://127.0.0.1:8000} ;;
    *) echo "SITE: web or api, not $SITE" >&2; exit 1 ;;
esac
# A load balancer checks no certificate of what is behind it: this one is of this start alone.
rm -f "$RUN/server.pem" "$RUN/server-key.pem"
case "${SERVER_TLS:-off}" in
    on)
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 365 -subj /CN=task \
            -keyout "$RUN/server-key.pem" -out "$RUN/server.pem"
        ;;
    off) ;;
    *) echo "SERVER_TLS: on or off, not $SERVER_TLS" >&2; exit 1 ;;
esac
unset SESSION_KEYS SESSION_KEY SESSION_KEY_PREVIOUS CLIENT_CERTIFICATE CLIENT_SECRET SETTINGS_CONF
export HERE RUN LISTEN BACKEND SETTINGS
exec apache2 -f "$HERE/$SITE.conf" -D FOREGROUND
