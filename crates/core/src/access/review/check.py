#!/usr/bin/env python3
"""Checks the evidence package of an access review, from its description alone. Argument: the directory or ZIP file."""
import base64
import hashlib
import json
import os
import sys
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CONTEXT = b"gatehouse-review/v1\n"


def demand(true, what):
    if not true:
        sys.exit(f"NOT IN ORDER: {what}")


def sha(data):
    return hashlib.sha256(data).digest()


def canonical(data):
    def once(pairs):
        demand(len({name for name, _ in pairs}) == len(pairs), "a member stands twice")
        return dict(pairs)
    try:
        value = json.loads(data.decode(), object_pairs_hook=once)
    except ValueError as fault:
        sys.exit(f"NOT IN ORDER: a line is not JSON: {fault}")
    demand(write(value) == data, "a line is not canonical")
    return value


def write(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verify(key, signature, message, what):
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        sys.exit(f"NOT IN ORDER: {what}: the signature does not hold")


def sealed(seal, form):
    demand(seal.get("format") == form and seal.get("v") == 1, f"a seal is no {form}")
    rest = {name: value for name, value in seal.items() if name != "signature"}
    verify(seal["signer"], bytes.fromhex(seal["signature"]), CONTEXT + write(rest), form)
    return hashlib.sha256(bytes.fromhex(seal["signer"])).hexdigest()[:16]


def document(data, form, review):
    demand(data.endswith(b"\n"), f"{form} does not end as it was written")
    lines = [canonical(line) for line in data[:-1].split(b"\n")]
    head = lines.pop(0)
    demand(head["format"] == form and head["v"] == 1, f"a document is no {form}")
    demand(head["review"] == review and head["lines"] == len(lines), f"{form} is another review's, or not whole")
    return head, lines


def note(text, log, keys):
    """The size and root that a checkpoint (C2SP signed note) signs."""
    body, _, signatures = text.rpartition("\n\n")
    origin, size, root = body.split("\n")
    demand(origin == f"gatehouse/{log}", "a checkpoint is another log's")
    for key in keys:
        ident = sha(f"gatehouse/{log}\n".encode() + b"\x01" + bytes.fromhex(key))[:4]
        for line in signatures.splitlines():
            _, name, blob = line.split(" ")
            blob = base64.b64decode(blob)
            if name == origin and blob[:4] == ident:
                verify(key, blob[4:], (body + "\n").encode(), "a checkpoint")
                return int(size), base64.b64decode(root)
    sys.exit("NOT IN ORDER: a checkpoint is not signed by the log's key")


def root_of(body, index, size, path):  # RFC 9162 section 2.1.3.2
    demand(index < size, "an entry lies beyond the checkpoint")
    at, last, root = index, size - 1, sha(b"\x00" + body)
    for step in path:
        demand(last > 0, "an inclusion proof is too long")
        if at & 1 or at == last:
            root = sha(b"\x01" + step + root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = sha(b"\x01" + root + step)
        at, last = at >> 1, last >> 1
    demand(last == 0, "an inclusion proof is too short")
    return root


def entries(log):
    size, root = note(log["checkpoint"], log["id"], log["keys"])
    demand(size == log["size"], "the checkpoint speaks of another size")
    found = []
    for told in log["entries"]:
        body = told["body"].encode()
        path = [bytes.fromhex(step) for step in told["path"]]
        demand(root_of(body, told["seq"] - 1, size, path) == root, f"entry {told['seq']} does not stand in the log")
        entry = canonical(body)
        demand(entry["seq"] == told["seq"] and entry["log"] == log["id"], "an entry is another one")
        found.append(entry)
    demand(found[0]["kind"] == "log.genesis" and found[0]["request"]["checkpoint_key"] == log["keys"][0],
           "the log's first entry names another key")
    return found


def reader(place):
    if os.path.isdir(place):
        return lambda name: open(os.path.join(place, name), "rb").read(), os.listdir(place)
    archive = zipfile.ZipFile(place)
    return archive.read, archive.namelist()


def verdict(line):
    decisions = [told["decision"] for told in line["by"]]
    demand(all(word in ("keep", "revoke") for word in decisions), "a decision is no decision")
    demand(line.get("undecided", False) == (not decisions), "a line does not say that nobody decided it")
    return "revoke" if "revoke" in decisions or not decisions else "keep"


def check(place):
    read, names = reader(place)
    evidence = canonical(read("evidence.json").removesuffix(b"\n"))
    exporter = sealed(evidence, "gatehouse-review-evidence")
    files = {}
    for told in evidence["files"]:
        name = told["name"]
        demand("/" not in name and "\\" not in name and name in names, f"{name} is missing")
        files[name] = read(name)
        demand(sha(files[name]).hex() == told["sha256"], f"{name} was changed")
    review, seal = evidence["review"], evidence["sign_off"]
    signer = sealed(seal, "gatehouse-review-sign-off")
    demand(seal["review"] == review, "the sign-off is another review's")
    demand(sha(files["snapshot.jsonl"]).hex() == seal["snapshot_sha256"], "another snapshot was signed")
    demand(sha(files["decisions.jsonl"]).hex() == seal["decisions_sha256"], "other decisions were signed")
    head, lines = document(files["snapshot.jsonl"], "gatehouse-review-snapshot", review)
    starter = hashlib.sha256(bytes.fromhex(head["starter"])).hexdigest()[:16]
    demand((head["environment"], head["account"], head["name"]) == tuple(evidence[n] for n in ("environment", "account", "name")),
           "the evidence tells of another environment, account or name than the snapshot")
    told, outcome = document(files["decisions.jsonl"], "gatehouse-review-outcome", review)
    demand(told["snapshot_sha256"] == seal["snapshot_sha256"], "the decisions are another snapshot's")
    demand(len(outcome) == len(lines), "there are not as many decisions as lines")
    by = {}
    for number, (line, result) in enumerate(zip(lines, outcome), 1):
        demand(line["line"] == number == result["line"], "lines are not in order")
        demand(result["verdict"] == verdict(result), f"line {number}: a revoke did not win")
        for one in result["by"]:
            by.setdefault(one["reviewer"], {})[number] = one
            own = line["granted_by"] == one["reviewer"]
            demand(one.get("self_review", False) or not own, f"line {number}: a self-review is not marked")
    revoked = sum(result["verdict"] == "revoke" for result in outcome)
    demand(evidence["totals"] == {"lines": len(lines), "kept": len(lines) - revoked, "revoked": revoked}, "the totals are others")
    log = entries(evidence["log"])
    request = lambda kind: [e["request"] for e in log if e["kind"] == kind and e["request"].get("review") == review]
    demand(any(r["snapshot_sha256"] == seal["snapshot_sha256"] for r in request("review.start")), "the log knows no such start")
    demand(any((r["snapshot_sha256"], r["decisions_sha256"], r["signer"], r["signature"]) == (
        seal["snapshot_sha256"], seal["decisions_sha256"], seal["signer"], seal["signature"])
        for r in request("review.sign_off")), "the log knows no such sign-off")
    demand(note(seal["checkpoint"], evidence["log"]["id"], evidence["log"]["keys"])[0] < evidence["log"]["size"],
           "the sign-off names a later checkpoint")
    handed = {starter}
    for name in (name for name in files if name.startswith("hand-in-")):
        data, _, last = files[name].removesuffix(b"\n").rpartition(b"\n")
        data, under = data + b"\n", canonical(last)
        reviewer = sealed(under, "gatehouse-review-hand-in")
        demand(under["document_sha256"] == sha(data).hex() and name == f"hand-in-{reviewer}.jsonl", f"{name}: another document")
        about, decisions = document(data, "gatehouse-review-decisions", review)
        demand(about["snapshot_sha256"] == seal["snapshot_sha256"], f"{name}: another snapshot")
        mine = {one["line"]: one for one in decisions}
        demand(mine.keys() == by.get(reviewer, {}).keys(), f"{name}: not all that was handed in was counted")
        for number, one in mine.items():
            counted = by[reviewer][number]
            demand(all(counted.get(n) == one.get(n) for n in ("decision", "note", "decided_at")), f"{name}: line {number} is another")
        demand(any(r.get("decisions_sha256") == under["document_sha256"] for r in request("review.import")), f"{name}: not in the log")
        handed.add(reviewer)
    demand(by.keys() <= handed, "somebody decided who handed nothing in")
    if "after.jsonl" in files:
        document(files["after.jsonl"], "gatehouse-review-after", review)
        demand(any(r["after_sha256"] == sha(files["after.jsonl"]).hex() for r in request("review.conclude")), "another after-list")
    if "plan.json" in files:
        plan, _ = document(files["plan-outcome.jsonl"], "gatehouse-review-plan", review)
        demand(evidence["plan_sha256"] == plan["plan_sha256"] == sha(files["plan.json"]).hex(), "another plan is named")
    known = {person["key_id"]: person for person in evidence["persons"]}
    for key in handed | {signer, exporter}:
        demand(key in known, f"nothing is said of the key {key}")
        demand(hashlib.sha256(bytes.fromhex(known[key]["public_key"])).hexdigest() == known[key]["fingerprint"], "a fingerprint is false")
    return {"lines": len(lines), "revoked": revoked, "entries": len(log), "log_size": evidence["log"]["size"],
            "signed_by": known[signer]["fingerprint"], "exported_by": known[exporter]["fingerprint"],
            "reviewers": {known[k]["name"]: known[k]["fingerprint"] for k in sorted(handed)}}


if __name__ == "__main__":
    demand(len(sys.argv) == 2, "give the directory or the ZIP file")
    try:
        print(json.dumps(check(sys.argv[1]), ensure_ascii=False, indent=1))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile) as fault:
        sys.exit(f"NOT IN ORDER: a part is missing or not as described: {fault!r}")
