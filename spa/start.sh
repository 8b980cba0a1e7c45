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

exec nginx -g 'daemon off;'
