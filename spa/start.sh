#!/bin/sh
# Starts nginx for one environment: its config.json in, the two origins that the content policy must allow put in place.
set -eu

if [ -n "${CONFIG_JSON:-}" ]; then
    printf '%s' "$CONFIG_JSON" >/tmp/config.json
else
    cp "${CONFIG_FILE:?set CONFIG_JSON to the text of config.json, or CONFIG_FILE to its path}" /tmp/config.json
fi

origin() {
    # Whatever else stood here would end up in a header; refuse all but scheme, host and port.
    jq -er --arg key "$1" '.[$key] | capture("^(?<origin>https?://[A-Za-z0-9.:-]+)(/|$)").origin' /tmp/config.json ||
        { echo "config.json: $1 is not an http(s) address" >&2; exit 1; }
}

API_ORIGIN=$(origin apiBaseUrl)
# Where a server signs in for the page, the page itself asks Entra nothing.
if [ "$(jq -r .session /tmp/config.json)" = cookie ]; then AUTHORITY_ORIGIN=; else AUTHORITY_ORIGIN=$(origin authority); fi
sed -e "s|\${API_ORIGIN}|$API_ORIGIN|g" -e "s|\${AUTHORITY_ORIGIN}|$AUTHORITY_ORIGIN|g" \
    /etc/nginx/security-headers.conf >/tmp/security-headers.conf

# A load balancer checks no certificate of what is behind it: this one is of this start alone.
case "${SERVER_TLS:-off}" in
    on)
        (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 365 -subj /CN=task \
            -keyout /tmp/server-key.pem -out /tmp/server.pem)
        printf '%s\n' 'listen 8080 ssl;' 'ssl_protocols TLSv1.2 TLSv1.3;' 'ssl_certificate /tmp/server.pem;' \
            'ssl_certificate_key /tmp/server-key.pem;' >/tmp/listen.conf
        ;;
    off) echo 'listen 8080;' >/tmp/listen.conf ;;
    *) echo "SERVER_TLS: on or off, not $SERVER_TLS" >&2; exit 1 ;;
esac

exec nginx -g 'daemon off;'
