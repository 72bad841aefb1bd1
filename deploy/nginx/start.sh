#!/bin/sh
# Fill in the settings of the proxy and start it: "start.sh" runs nginx, "start.sh schrijf" only writes and tests the
# configuration, "start.sh herlaad" writes it again and lets the running nginx take it over without breaking a
# connection. Settings come from the environment only; docs/uitrol.md lists them.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
APP_SERVERS=${APP_SERVERS:-app-1:8501 app-2:8501 app-3:8501}
LISTEN=${LISTEN:-}
HTTP_PORT=${HTTP_PORT:-8080}
HTTPS_PORT=${HTTPS_PORT:-8443}
TLS_CERT=${TLS_CERT:-}
TLS_KEY=${TLS_KEY:-}
SERVER_NAME=${SERVER_NAME:-_}
TRUSTED_PROXIES=${TRUSTED_PROXIES:-}
CSP_REPORT_ONLY=${CSP_REPORT_ONLY:-0}
RATE_PAGES=${RATE_PAGES:-50}
BURST_PAGES=${BURST_PAGES:-500}
RATE_SOCKETS=${RATE_SOCKETS:-10}
BURST_SOCKETS=${BURST_SOCKETS:-200}
OPEN_SOCKETS=${OPEN_SOCKETS:-1000}
SITE=${SITE:-/srv/publicatie}
TMP=${PROXY_TMP:-/tmp/proxy}
MIME=${MIME:-/etc/nginx/mime.types}
ACCESS_LOG=${ACCESS_LOG:-/dev/stdout}
NGINX=${NGINX:-nginx}
CONF=$TMP/conf

fail() { echo "Fout: $1" >&2; exit 1; }

# Only what belongs in such a setting: nothing that could end a line of the configuration.
case "$APP_SERVERS$SERVER_NAME$TRUSTED_PROXIES$LISTEN$TLS_CERT$TLS_KEY$SITE$TMP$MIME$ACCESS_LOG" in
    *[!A-Za-z0-9._:/\ \[\]*-]*) fail "in een instelling van de doorgeefserver staat een teken dat niet kan." ;;
esac
for number in "$HTTP_PORT" "$HTTPS_PORT" "$RATE_PAGES" "$BURST_PAGES" "$RATE_SOCKETS" "$BURST_SOCKETS" "$OPEN_SOCKETS"
do
    case "$number" in '' | *[!0-9]*) fail "‘$number’ is geen heel getal." ;; esac
done
[ -n "$APP_SERVERS" ] || fail "APP_SERVERS noemt geen enkel proces."

mkdir -p "$CONF" "$TMP"

fill() {
    header=Content-Security-Policy
    [ "$CSP_REPORT_ONLY" = 1 ] && header=Content-Security-Policy-Report-Only
    sed -e "s|@CONF@|$CONF|g" -e "s|@TMP@|$TMP|g" -e "s|@MIME@|$MIME|g" -e "s|@ACCESS_LOG@|$ACCESS_LOG|g" \
        -e "s|@SITE@|$SITE|g" -e "s|@PAGES@|$here/pages|g" -e "s|@SERVER_NAME@|$SERVER_NAME|g" \
        -e "s|@CSP_HEADER@|$header|g" \
        -e "s|@RATE_PAGES@|$RATE_PAGES|g" -e "s|@BURST_PAGES@|$BURST_PAGES|g" \
        -e "s|@RATE_SOCKETS@|$RATE_SOCKETS|g" -e "s|@BURST_SOCKETS@|$BURST_SOCKETS|g" \
        -e "s|@OPEN_SOCKETS@|$OPEN_SOCKETS|g" "$1" > "$2"
}

# The address of a process as nginx names it: a name is looked up now, so "herlaad" after its container was replaced.
address() {
    host=${1%:*} port=${1##*:}
    case "$host" in
        *[!0-9.]*) host=$(getent hosts "$host" | awk 'NR == 1 { print $1 }') ;;
    esac
    [ -n "$host" ] || fail "het proces ‘$1’ is niet te vinden."
    echo "$host:$port"
}

upstreams() {
    addresses=""
    for server in $APP_SERVERS; do addresses="$addresses $(address "$server")"; done
    echo "# Written by start.sh."
    number=0
    for server in $addresses; do
        number=$((number + 1))
        echo "upstream app_p$number { server $server max_fails=0; keepalive 16; }"
    done
    # Where a visitor without a place goes: to the process with the fewest connections.
    echo "upstream app_all { zone app_all 128k; least_conn;"
    for server in $addresses; do echo "    server $server max_fails=1 fail_timeout=5s;"; done
    echo "    keepalive 16; }"
    # Where somebody goes whose process is gone: all tabs of a browser to the same one.
    echo "upstream app_other { zone app_other 128k; hash \$remote_addr\$http_user_agent consistent;"
    for server in $addresses; do echo "    server $server max_fails=1 fail_timeout=5s;"; done
    echo "    keepalive 16; }"
    number=0
    echo "map \$cookie_plaats \$process { default app_all;"
    for server in $addresses; do number=$((number + 1)); echo "    p$number app_p$number;"; done
    echo "}"
    # What answered last stands last; it becomes the place.
    number=0
    echo "map \$upstream_addr \$place { default \"\";"
    for server in $addresses; do
        number=$((number + 1))
        echo "    \"~(^|[ ,])$(echo "$server" | sed 's/[.]/\\./g')\$\" p$number;"
    done
    echo "}"
    echo "map \$place \$place_cookie { default \"plaats=\$place; Path=/; HttpOnly; SameSite=Lax\$secure_cookie\"; '' ''; }"
}

listen() {
    echo "server { listen ${LISTEN:+$LISTEN:}$HTTP_PORT default_server;"
    if [ -n "$TLS_CERT" ]; then
        # On http nothing but the way to https.
        echo "    server_name $SERVER_NAME;"
        echo "    location = /proxy-gezond { access_log off; default_type text/plain; return 200 \"ok\\n\"; }"
        echo "    location / { return 301 https://\$host\$request_uri; } }"
        echo "server { listen ${LISTEN:+$LISTEN:}$HTTPS_PORT ssl http2 default_server;"
        echo "    ssl_certificate $TLS_CERT; ssl_certificate_key $TLS_KEY;"
        echo "    ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers off;"
        echo "    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;"
        echo "    ssl_session_cache shared:tls:4m; ssl_session_timeout 1d; ssl_session_tickets off;"
    fi
    echo "    include $CONF/site.conf; }"
}

if [ -n "$TLS_CERT" ] && [ ! -r "$TLS_CERT" ]; then fail "het certificaat $TLS_CERT is niet te lezen."; fi
fill "$here/nginx.conf.template" "$CONF/nginx.conf"
fill "$here/site.conf.template" "$CONF/site.conf"
for part in headers headers-embed errors errors-site stream page csp; do fill "$here/$part.conf" "$CONF/$part.conf"; done
upstreams > "$CONF/upstreams.conf"
listen > "$CONF/listen.conf"
: > "$CONF/trusted.conf"
: > "$CONF/realip.conf"
for proxy in $TRUSTED_PROXIES; do
    echo "$proxy 1;" >> "$CONF/trusted.conf"
    echo "set_real_ip_from $proxy;" >> "$CONF/realip.conf"
done
if [ -n "$TRUSTED_PROXIES" ]; then
    echo "real_ip_header X-Forwarded-For; real_ip_recursive on;" >> "$CONF/realip.conf"
fi

case "${1:-}" in
    schrijf) exec "$NGINX" -t -q -c "$CONF/nginx.conf" ;;
    herlaad) "$NGINX" -t -q -c "$CONF/nginx.conf" && exec "$NGINX" -s reload -c "$CONF/nginx.conf" ;;
    *) exec "$NGINX" -c "$CONF/nginx.conf" -g "daemon off;" ;;
esac
