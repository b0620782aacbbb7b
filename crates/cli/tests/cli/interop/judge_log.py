# Verifies a log from docs/audit-format.md alone: chain, canonical bytes, side rows, RFC 6962 root, subtrees, checkpoints.
# Arguments: audit.db, and a size. It prints the root at that size as JSON, or ends with the first thing that is wrong.
import base64
import hashlib
import json
import sqlite3
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

path, asked = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
sha = lambda data: hashlib.sha256(data).digest()


def canonical(data):
    value = json.loads(data)
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert again == data, f"not canonical: {data!r}"
    return value


def root(hashes):  # RFC 6962 section 2.1, by its definition
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha(b"\x01" + root(hashes[:half]) + root(hashes[half:]))


assert db.execute("PRAGMA application_id").fetchone()[0] == 1195917653, "not a log"
assert db.execute("PRAGMA user_version").fetchone()[0] == 1, "another schema"
leaves, keys, log, private = [], [], None, dict()
for seq, salt, side in db.execute("SELECT seq, salt, json FROM event_private"):
    canonical(side)
    private[seq] = sha(salt + side).hex()
for seq, leaf, body in db.execute("SELECT seq, leaf, body FROM event ORDER BY seq"):
    assert seq == len(leaves) + 1, f"entry {len(leaves) + 1} is missing"
    assert leaf == sha(b"\x00" + body), f"entry {seq}: the leaf is not its body's"
    entry = canonical(body)
    log = log or entry["log"]
    assert (entry["v"], entry["seq"], entry["log"]) == (1, seq, log), f"entry {seq}: another log or number"
    assert entry["prev"] == (leaves[-1].hex() if leaves else "0" * 64), f"entry {seq}: the chain is broken"
    assert entry.get("priv") == private.pop(seq, None), f"entry {seq}: the side row is not its own"
    assert (entry["kind"] == "log.genesis") == (seq == 1), f"entry {seq}: genesis is the first and no other"
    if entry["kind"] in ("log.genesis", "log.reanchored"):
        keys.append((seq, bytes.fromhex(entry["request"]["checkpoint_key"])))
    leaves.append(leaf)
assert not private, f"side rows of no entry: {sorted(private)}"
stored = {(level, index): h for level, index, h in db.execute("SELECT level, idx, h FROM node")}
assert len(stored) == len(leaves) - bin(len(leaves)).count("1"), "subtrees are missing or too many"
for (level, index), h in stored.items():
    assert h == root(leaves[index << level : (index + 1) << level]), f"subtree {level}/{index} is wrong"
name, checkpoints = f"gatehouse/{log}", db.execute("SELECT size, note FROM checkpoint").fetchall()
for size, note in checkpoints:
    text, signatures = note.split("\n\n")
    assert text.split("\n") == [name, str(size), base64.b64encode(root(leaves[:size])).decode()], f"checkpoint {size} is wrong"
    key = [key for first, key in keys if first <= size][-1]
    line = signatures.split("\n")[0].split(" ")
    signature = base64.b64decode(line[2], validate=True)
    assert line[:2] == ["\u2014", name] and signature[:4] == sha(name.encode() + b"\n\x01" + key)[:4], f"checkpoint {size}: another key"
    Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], (text + "\n").encode())
assert len(leaves) in [size for size, _ in checkpoints], "there is no checkpoint at the end"
answer = {"entries": len(leaves), "checkpoints": len(checkpoints), "root": root(leaves[:asked]).hex()}
json.dump(answer, sys.stdout)
