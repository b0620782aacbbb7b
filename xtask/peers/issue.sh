#!/usr/bin/env bash
# Has the sandbox issue the signing certificate that the peers' scripts use: FOLDER/signing.key and FOLDER/signing.crt.
#
# issue.sh BASE ACCOUNT FOLDER   (FOLDER/api-key holds the API key)
set -euo pipefail
base=$1 account=$2 folder=$3

umask 077
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj "/CN=${account##*:}" \
    -keyout "$folder/signing.key" -out "$folder/signing.csr" 2> /dev/null
jq -n --rawfile request "$folder/signing.csr" \
    '{description: "peers of the benchmark", config: {usage: "JWT_SIGNING", certificate_signing_request: $request}}' |
    curl --silent --show-error --fail --max-time 20 \
        --header "Authorization: Basic $(cat "$folder/api-key")" \
        --header 'Content-Type: application/json' \
        --header "Klarna-Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
        --data-binary @- "$base/v2/account/integration/credentials/client-certificate" |
    jq -er .secret.certificate > "$folder/signing.crt"
