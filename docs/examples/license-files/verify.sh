#!/bin/sh
# Verify a Forecourt license file, as docs/licenses.md says.
#
#     sh verify.sh LICENSE KEYS PRODUCT SEEN
#
# LICENSE is the file; KEYS a folder with the vendor's public keys, each as <kid>.pem; PRODUCT this
# product's slug; SEEN a file that keeps the latest time. Needs openssl 3 and the usual tools.

set -eu
export LC_ALL=C
file=$1 keys=$2 product=$3 seen=$4

no() {
    echo "not valid: $1" >&2
    exit 1
}

# Two blocks and nothing else: each line of base 64 becomes ":", of several one is kept.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tr -d '\r' <"$file" >"$work/text"
sed -E 's|^[A-Za-z0-9+/=]{1,64}$|:|' "$work/text" |
    awk '$0 != ":" || last != ":" { print } { last = $0 }' >"$work/shape"
printf '%s\n' '-----BEGIN FORECOURT LICENSE-----' : '-----END FORECOURT LICENSE-----' \
    '-----BEGIN FORECOURT SIGNATURE-----' : '-----END FORECOURT SIGNATURE-----' >"$work/wanted"
cmp -s "$work/shape" "$work/wanted" || no "this is not a license file"
for name in LICENSE SIGNATURE; do
    sed -n "/BEGIN FORECOURT $name/,/END FORECOURT $name/p" "$work/text" | sed '1d;$d' |
        openssl base64 -d -out "$work/$name" || no "this is not a license file"
done

iconv -f UTF-8 -t UTF-8 "$work/LICENSE" >/dev/null 2>&1 || no "unknown format"

# All of the payload is one shape, so no name is there twice and none is missing.
time='"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"'
text='"([^"\\]|\\["\\])*"'
shape='^\{"expires":'$time',"fingerprint":"[0-9a-f]{64}","format":"forecourt-license/1"'
shape=$shape',"grace":([0-9]{1,2}),"issued":'$time',"kid":"([A-Za-z0-9_-]{43})"'
shape=$shape',"license":"[0-9a-f-]{36}","license_ends":(null|'$(echo "$time" | tr -d '()')')'
shape=$shape',"license_starts":'$time',"organization":'$text',"organization_id":[0-9]+'
shape=$shape',"plan":'$text',"product":"([a-z0-9_-]+)","seats":(null|[0-9]+)\}$'
said=$(tr '\n' '\1' <"$work/LICENSE" | sed -n -E "s~$shape~\\1 \\2 \\3 \\4 \\5 \\6 \\9~p")
[ -n "$said" ] || no "unknown format"
set -- $said
expires=$1 grace=$2 issued=$3 kid=$4 ends=$(echo "$5" | tr -d '"') starts=$6 its_product=$7

[ -f "$keys/$kid.pem" ] || no "signed with a key that this product does not know"
openssl pkey -pubin -in "$keys/$kid.pem" -noout -text | grep -qi '^ED25519' || no "the key is of another kind"
openssl pkeyutl -verify -pubin -inkey "$keys/$kid.pem" -rawin \
    -in "$work/LICENSE" -sigfile "$work/SIGNATURE" >/dev/null 2>&1 || no "the signature is not right"
[ "$its_product" = "$product" ] || no "this license is for another product"

# Times, in seconds of one calendar. Now is the latest time that was seen, if the clock was set back.
seconds() {
    echo "$1" | tr 'TZ:-' '    ' | awk '{
        y = $1 - ($2 < 3); m = ($2 + 9) % 12
        days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + $3
        printf "%.0f\n", days * 86400 + $4 * 3600 + $5 * 60 + $6 }'
}
kept=$issued
if [ -f "$seen" ]; then
    kept=$(grep -Ex '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z' "$seen") || no "$seen cannot be read"
fi
now=$(printf '%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$issued" "$kept" | sort | tail -n 1)
echo "$now" >"$seen"
[ "$ends" = null ] || expires=$(printf '%s\n' "$expires" "$ends" | sort | head -n 1)

end=$(seconds "$expires") last=$(($(seconds "$expires") + grace * 86400)) at=$(seconds "$now")
[ "$at" -ge "$(seconds "$starts")" ] || no "the license has not started"
[ "$at" -lt "$last" ] || no "the license file has ended"
if [ "$at" -lt "$end" ]; then echo "valid until $expires"; else echo "in grace: ended $expires"; fi
