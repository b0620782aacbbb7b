#!/usr/bin/env bash
# What a shell script does for one portal link: openssl signs, curl asks, jq reads; the link is printed.
#
# A peer of the benchmark. `openssl dgst` answers DER, a token needs the two numbers at 32 bytes each. Deliberately absent:
# a log, a keyring, a directory, which are the product's; key, certificate and API key are files here.
#
# deep_link.sh BASE ACCOUNT MERCHANT PERSON FOLDER
set -euo pipefail
base=$1 account=$2 merchant=$3 person=$4 folder=$5

url64() {
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

certificate=$(grep -v -- '-----' "$folder/signing.crt" | tr -d '\n')
jti=$(cat /proc/sys/kernel/random/uuid)
correlation=$(tr -d '-' < /proc/sys/kernel/random/uuid)
printf -v now '%(%s)T' -1
header=$(jq -cn --arg x5c "$certificate" '{alg: "ES256", typ: "JWT", x5c: [$x5c]}')
claims=$(jq -cn --arg account "$account" --arg merchant "$merchant" --arg person "$person" --arg jti "$jti" --argjson now "$now" \
    '{iss: $account, sub: $person, jti: $jti, iat: $now, exp: ($now + 120), account_id: $merchant, on_behalf_of: $account,
      roles: ["merchant:admin"], amr: ["pwd"]}')
input=$(printf %s "$header" | url64).$(printf %s "$claims" | url64)
numbers=$(printf %s "$input" | openssl dgst -sha256 -sign "$folder/signing.key" | openssl asn1parse -inform DER |
    sed -n 's/.*INTEGER *://p')
raw=''
for number in $numbers; do
    printf -v padded '%64s' "$number"
    raw+=$(printf %s "${padded// /0}" | sed 's/../\\x&/g')
done
signature=$(printf '%b' "$raw" | url64)
answer=$(jq -cn --arg jwt "$input.$signature" '{jwt: $jwt}' | curl --silent --fail --max-time 45 \
    --header "Authorization: Basic $(cat "$folder/api-key")" \
    --header 'Content-Type: application/json' \
    --header "Klarna-Idempotency-Key: $jti" \
    --header "Partner-Correlation-Id: $correlation" \
    --data-binary @- "$base/v2/accounts/$merchant/portal/deep-links")
jq -er .url <<< "$answer"
