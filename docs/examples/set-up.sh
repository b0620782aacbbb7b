#!/bin/sh
# Sets a profile up from nothing to the first portal link, by command line alone.
#
#   set-up.sh NAME ENVIRONMENT ACCOUNT EMAIL API_KEY_FILE MERCHANTS_FILE MERCHANT [OPTION]...
#
# NAME            what the profile will be called here
# ENVIRONMENT     live or test (or "sandbox --step-by-step" at a served sandbox)
# ACCOUNT         the acquirer's account, krn:partner:global:account:...
# EMAIL           whose links they will be
# API_KEY_FILE    a file that holds the API key and nothing else; delete it afterwards
# MERCHANTS_FILE  the first merchants, CSV or JSON
# MERCHANT        the one to open first, by id or reference
# OPTION          passed on to `gatehouse profile create`, such as --proxy URL, --ca FILE or --key-store file
#
# It asks Klarna for both certificates with the API key. Where Klarna already demands a client certificate for that,
# `gatehouse key request` says so (mtls_required), and the user guide says what then helps.
#
# It needs jq. Secrets are named by file and never stand among the arguments. GATEHOUSE_DATA_DIR, GATEHOUSE_PASSPHRASE_FILE and
# GATEHOUSE_LOCK_PASSPHRASE_FILE work as ever. The script may be run again after any failure: it goes on with the step that is next.
# The only line on stdout is the portal link, which lets in whoever has it; everything else goes to stderr.

set -eu

if [ $# -lt 7 ]; then
    echo "usage: set-up.sh NAME ENVIRONMENT ACCOUNT EMAIL API_KEY_FILE MERCHANTS_FILE MERCHANT [OPTION]..." >&2
    exit 2
fi
name=$1 environment=$2 account=$3 email=$4 api_key=$5 merchants=$6 merchant=$7
shift 7

program=${GATEHOUSE:-gatehouse}

# A command of this profile; what it says goes to stderr, so that stdout stays for the link.
run() {
    "$program" --profile "$name" "$@" >&2
}

# The step that set-up wants next; nothing when all are done.
next_step() {
    answer=$("$program" --json profile setup "$name") || exit 1
    printf '%s\n' "$answer" | jq -r '.next // empty'
}

is_there() {
    answer=$("$program" --json profile list) || exit 1
    printf '%s\n' "$answer" | jq -e --arg name "$name" '.profiles[] | select(.name == $name)' >/dev/null
}

# Only a profile that is not there yet is made.
if ! is_there; then
    # ENVIRONMENT may be two words, so it is not quoted.
    # shellcheck disable=SC2086
    "$program" profile create "$name" --$environment --account "$account" --user "$email" "$@" >&2
fi

before=
while :; do
    step=$(next_step)
    [ -n "$step" ] || break
    # A step that is next twice did not do what it should; the message before says why.
    if [ "$step" = "$before" ]; then
        echo "set-up stands still at $step" >&2
        exit 1
    fi
    before=$step
    echo "== $step" >&2
    case $step in
        method) run profile method deep-link ;;
        api_key) run profile api-key set --file "$api_key" ;;
        mtls_key) run key create --usage mtls ;;
        mtls_request) run key csr --usage mtls ;;
        mtls_certificate) run key request --usage mtls ;;
        signing_key) run key create --usage jwt-signing ;;
        signing_request) run key csr --usage jwt-signing ;;
        signing_certificate) run key request --usage jwt-signing ;;
        dry_signature) run key dry-sign ;;
        first_call) run profile first-call ;;
        merchants) run merchants import "$merchants" ;;
        *)
            echo "this script knows no step $step; 'gatehouse profile setup' tells what it wants" >&2
            exit 1
            ;;
    esac
done

# Whoever starts by script wants to know now what would be in the way later.
run audit verify

opened=$("$program" --profile "$name" --json open "$merchant" --print-url)
printf '%s\n' "$opened" | jq -r .url
