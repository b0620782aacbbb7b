#!/usr/bin/env python3
"""Judges a Gatehouse audit log, an archive, an evidence bundle or one entry's proof, without any code of Gatehouse.
Written from docs/audit-format.md (its sections are named below); needs Python 3.8 and `cryptography`; only reads. Whatever a check
raises (see WRONG) is a fault of what it looks at. Exit status: 0 intact, 7 anything else, 2 called wrongly."""
import argparse, base64, datetime, functools, hashlib, json, os, re, sqlite3, sys, urllib.parse, zipfile
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
WRONG = (ValueError, LookupError, TypeError, AttributeError, RecursionError, InvalidSignature, zipfile.BadZipFile)
SCHEMA = "799083e911b8caf1465bc6df394c4eee5426a7eda17b793c98b6e8fa27d776a3"  # section 2
HEX = "[0-9a-f]{64}"
FORMS = {  # section 3.2: strings and numbers by pattern, objects by their members; the first nine always stand
    "v": "1", "seq": "[1-9][0-9]*", "mono": "[0-9]+", "log": "[0-9a-f]{32}", "prev": HEX, "phase": "intent|outcome|note",
    "time": r"(19[7-9].|[2-9]...)-..-..T..:..:..\.[0-9]{3}Z(?<!9999-12-31.{14})", "act": "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
    "kind": r"(?=.{1,64}$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", "profile": "(?s:.*)", "merchant": "(?s:.*)", "env": "live|test|sandbox",
    "plan_sha256": HEX, "priv": HEX, "actor": {"key_id", "role", "session"}, "device": {"id", "os", "app"}, "request": None, "result": None,
    "signing": None}
ANCHOR = {"v": "1", "log_id": "[0-9a-f]{32}", "epoch": "[1-9][0-9]*", "size": "[0-9]+", "root": HEX, "key_id": "[0-9a-f]{8}", "signatures": None}
ARCHIVED = """SELECT 1 FROM event WHERE instr(CAST(body AS TEXT), '"kind":"log.archived"') AND (SELECT min(seq) FROM event) > 1 LIMIT 1"""
BEYOND = """SELECT 1 FROM checkpoint WHERE size > ?1 UNION SELECT 1 FROM event_private WHERE seq > ?1
    UNION SELECT 1 FROM meta WHERE first_seq > ?1 UNION SELECT 1 FROM node WHERE idx >= ?1 >> level"""
STRAY = """SELECT 1 FROM checkpoint WHERE size < 1 UNION SELECT 1 FROM node WHERE level < 1 OR idx < 0
    UNION SELECT 1 FROM event_private WHERE seq <= ?1 GROUP BY 1 HAVING count(*) > ?2"""
META = "SELECT epoch, first_seq, checkpoint_key, CAST(log_id AS BLOB) FROM meta WHERE first_seq <= ? ORDER BY epoch"
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
key_id = lambda name, key, kind=b"\1": sha(name.encode(), b"\n", kind, key)[:4]
check = lambda key, signature, text: Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
jcs = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def need(holds, why):
    if not holds: raise ValueError(why)
def b64(text):
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 of another form")
    return raw
sound = lambda pairs: len(dict(pairs)) == len(pairs) and all(re.fullmatch("[!-~]+", name) for name, _ in pairs)
members = lambda pairs: need(sound(pairs), "its members' names") or dict(pairs)
def canonical(raw, limit=1 << 30):  # section 3.1: the object whose one canonical form `raw` is
    def plain(value, level):
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        need(type(value) in (str, bool) or type(value) is int and abs(value) < 2**53 if parts is None else level <= 16, "a value in it")
        for part in parts or (): plain(part, level + 1)
    need(2 <= len(raw) <= limit, "it is too short or too long")
    value = json.loads(raw.decode(), object_pairs_hook=members)
    plain(value, 1)
    need(isinstance(value, dict) and raw == jcs(value), "it is not in canonical form")
    return value
def fit(members, forms, always):  # whether an object has these members, each in its form
    need(set(list(forms)[:always]) <= members.keys() <= forms.keys(), "its members")
    for name, value in members.items():
        form, kind = forms[name], int if name in ("v", "seq", "mono", "epoch", "size") else str
        need(type(value) is kind and re.fullmatch(form, str(value)) if isinstance(form, str) else isinstance(value, dict) and (value or name == "signatures")
             and (not form or value.keys() == form and all(isinstance(text, str) for text in value.values())), "its " + name)
    return members
def entry(raw):  # section 3.2: an entry's members, each in its form
    e = fit(canonical(raw, 16384), FORMS, 9)
    e["ms"] = (datetime.datetime.fromisoformat(e["time"][:-1]) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)
    return e
def tell(epochs, e):  # sections 4.2 and 6: adds (epoch, its first entry, its key) if this entry begins one
    if e["seq"] == 1 or e["kind"] in ("log.genesis", "log.reanchored"):
        need((e["seq"] == 1) == (e["kind"] == "log.genesis") and e["phase"] == "note", "its kind has no place there")
        epoch, key = 1 if e["seq"] == 1 else e["request"]["epoch"], e["request"]["checkpoint_key"]
        need(type(epoch) is int and all(epoch > told[0] for told in epochs) and re.fullmatch(HEX, key), "its epoch or its key")
        epochs.append((epoch, e["seq"], bytes.fromhex(key)))
class Tree(list):  # section 5: the complete subtrees, a list for each level; level 0 is the leaves
    def add(self, h):
        for level in range(64):
            if level == len(self): self.append([])
            self[level].append(h)
            if len(self[level]) % 2: return [(level, len(row) - 1, row[-1]) for level, row in enumerate(self[:level + 1])]
            h = sha(b"\1", self[level][-2], h)
    def root(self, size):
        parts = [self[level][(size >> level) - 1] for level in range(64) if size >> level & 1] or [sha()]
        return functools.reduce(lambda right, left: sha(b"\1", left, right), parts)
def roots(old, size, path, known, leaf):  # RFC 9162 2.1.3, 2.1.4: the roots to which a path leads from a leaf at `old`, or from `known`
    if size == (1 if leaf else old): return (leaf or known or path.pop(0),) * 2
    half = 1 << (size - 1).bit_length() - 1
    left = old < half + (leaf is None)
    first, second = roots(old, half, path, known, leaf) if left else roots(old - half, size - half, path, None, leaf)
    beside = path.pop(0)
    return (first, sha(b"\1", second, beside)) if left else (sha(b"\1", beside, first), sha(b"\1", beside, second))
def prove(old, size, path, root, known=None, leaf=None):  # that `leaf` stands at index `old`, or that `known` is the root of the first `old`
    both = roots(old, size, path, known, leaf) if bool(known) <= old < size + bool(known) else ()
    need(both[bool(leaf):] == (known, root)[bool(leaf):] and not path, "its proof does not hold")

class Note:  # sections 6 and 9: a checkpoint with its signatures
    def __init__(self, raw):
        text, _, lines = raw.decode().rpartition("\n\n")
        form = re.fullmatch("gatehouse/([0-9a-f]{32})\n(0|[1-9][0-9]{0,18})\n([^\n]{44})", text)
        need(form and lines.endswith("\n") and not re.search("[\0-\t\x0b-\x1f\x7f-\x9f]", text + lines), "a checkpoint of another form")
        self.text, self.log, self.size, self.root = text.encode() + b"\n", form[1], int(form[2]), b64(form[3])
        self.lines = [(line[1], b64(line[2])) for line in (re.fullmatch("— ([^\\s+]+) ([^ ]+)", line) for line in lines[:-1].split("\n"))]
        need(len(self.lines) <= 64 and len(raw) <= 65536 and all(len(blob) > 4 for _, blob in self.lines), "signature lines of another form")
    def signed(self, key, log=None):  # whether this key signed it, as that log's or else as a person's; a false signature is wrong
        name = "gatehouse/" + log if log else "gatehouse-person/" + sha(key).hex()[:16]
        mine = (name, key_id(name, key, b"\1" if log else b"\4"))
        blobs = [blob[4:] for signer, blob in self.lines if (signer, blob[:4]) == mine]
        for blob in blobs:
            timed = b"" if log else b"cosignature/v1\ntime %d\n" % int.from_bytes(blob[:8], "big")
            check(key, blob[8 if timed else 0:], timed + self.text)
        return blobs and self.log == (log or self.log)

class Log:  # section 8: one walk over a database file
    def __init__(self, path, anchor, key, kept, own):
        self.anchor, self.key, self.kept, self.own, self.log, self.prev = anchor, key, kept, own, None, bytes(32)
        self.size = self.vouched = self.signed = self.witnessed = self.sides = 0
        self.tree, self.epochs, self.bare, self.faults, self.waiting, self.clocks, self.last, self.stopped = Tree(), [], set(), [], [], [], {}, 0
        self.ask = lambda sql, *values: self.db.execute(sql, values).fetchall()
        uri = f"file:{urllib.parse.quote(os.path.abspath(path))}?mode=ro" + "&immutable=1" * (not os.path.exists(path + "-wal"))
        self.db = sqlite3.connect(uri, uri=True, isolation_level=None)
        self.db.text_factory = bytes
        self.db.execute("BEGIN")
        rows = sorted(self.ask("SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_master"))
        told = [self.ask("PRAGMA " + name)[0][0] for name in ("application_id", "user_version", "integrity_check")]
        self.untouched = told == [1195917653, 1, b"ok"] and sha(*(part + b"\0" for row in rows for part in row)).hex() == SCHEMA
        if told[0] == 1195917653 and told[1] > 1: raise OSError("its schema is of a later version")
        if not rows and told[:2] == [0, 0]: raise FileNotFoundError("there is no log")
        if self.ask(ARCHIVED): raise OSError("its beginning was archived, which this verifier does not judge: use gatehouse-verify")
        for row in self.db.execute("SELECT seq, leaf, body FROM event ORDER BY seq"):
            try: self.entry(*row)
            except WRONG as why: self.stopped = self.faults.append((self.suspect, str(why))) is None
            if self.stopped: break
    def entry(self, seq, leaf, body):
        n = self.suspect = self.size + 1
        need(seq == n and leaf == sha(b"\0", body), "it is missing, or its bytes are not those of its hash")
        e = entry(body)
        self.log, asked = self.log or e["log"], e.get("request", {})
        need((e["seq"], e["log"]) == (n, self.log), "it calls itself another one")
        self.suspect = max(n - 1, self.vouched + 1)
        need(e["prev"] == self.prev.hex(), "it is not the one that the next one names")
        self.suspect = n
        tell(self.epochs, e)
        if e["kind"] == "private.erased": self.bare.discard(asked.get("seq"))
        rows = self.ask("SELECT salt, json FROM event_private WHERE seq = ?", n) if "priv" in e else []
        self.sides, self.bare = self.sides + len(rows), self.bare | ({n} if "priv" in e and not rows else set())
        need(all(len(salt) == 32 and sha(salt, text).hex() == e["priv"] and canonical(text, 65536) != 0 for salt, text in rows), "its side row")
        if e["kind"] in ("audit.witnessed", "audit.review"):
            size, root, key = asked["size"], self.tree.root(asked["size"]), bytes.fromhex(asked["witness"])
            note = f"gatehouse/{self.log}\n{size}\n{base64.b64encode(root).decode()}\n\n{asked['cosignature']}\n".encode()
            need(0 < size < n and asked["root"] == root.hex() and Note(note).signed(key), "its root or its co-signature")
            self.witnessed = max(self.witnessed, size if key not in self.own else 0)
        self.waiting += [(n, "its subtree") for level, idx, h in self.tree.add(leaf) if level and [(h,)] != self.ask(
            "SELECT h FROM node WHERE level = ? AND idx = ?", level, idx)]
        self.size, self.prev, root = n, leaf, self.tree.root(n)
        notes = [self.own_note(n, raw) for raw, in self.ask("SELECT CAST(note AS BLOB) FROM checkpoint WHERE size = ?", n)]
        self.waiting += [(n, "its checkpoint")] * notes.count(None)
        self.signed, self.suspect = n if any(notes) else self.signed, self.vouched + 1
        need(all(note is None or note.root == root for note in notes), "the entries from it on are not those that were signed")
        together = e.get("actor", {}).get("session", 0) == self.last.get("actor", {}).get("session", 1)
        passed, ticked = (e[name] - self.last.get(name, e[name]) for name in ("ms", "mono"))
        self.last, self.clocks = e, self.clocks + [n] * (passed < -2000 or together and abs(passed - ticked) > 2000)
        if self.signed == n or self.anchor and (self.anchor["size"], self.anchor["root"]) == (n, root.hex()):
            self.vouched, self.faults, self.waiting = n, self.faults + self.waiting, []
    def own_note(self, size, raw):  # the checkpoint, if the log's key signed it for this size
        try: return (lambda note: note if note.size == size and note.signed(self.epochs[-1][2], self.log) else None)(Note(raw))
        except WRONG: return None
    def verdict(self):  # section 8's table: the first verdict that applies, the first bad entry, and why
        a, n, told, name = self.anchor or {"size": 0}, self.size, self.epochs, f"gatehouse/{self.log}"
        foreign = self.key and not self.stopped and self.key not in [key for _, _, key in told]
        if self.anchor and self.log and (a["log_id"] != self.log or foreign):
            return "replaced", None, "the anchor, or the key, is another log's"
        faults, beyond = self.faults + [(self.vouched + 1, why) for _, why in self.waiting], self.ask(BEYOND, n)
        ahead = self.ask("SELECT size, CAST(note AS BLOB) FROM checkpoint WHERE size > ?", n)
        most = max([a["size"], *(note.size for note in self.kept), *(size for size, note in ahead if self.own_note(size, note))])
        behind = not n or most > n or beyond and not (self.anchor and a["size"] == n == self.vouched)
        if not self.stopped:
            meta, want = self.ask(META, n), [(*epoch, (self.log or "").encode()) for epoch in told]
            faults += [(min(n, self.vouched + 1), "its checkpoint is missing")] * (not faults and not behind and self.signed < n)
            faults += [(seq, "its side row is missing") for seq in self.bare] + [(None, "a stray row")] * len(self.ask(STRAY, n, self.sides))
            faults += [(next((w[1] for w in want if w not in meta), None), "the table meta")] * (meta != want)
            ours = [at for at, (_, _, key) in enumerate(told) if (self.key or a.get("key_id")) == (key if self.key else key_id(name, key).hex())]
            faults += [(epoch[1], "the key from it on is a foreign one") for epoch in told[ours[-1] + 1:]] if ours else []
        if faults: return ("broken", *min(faults, key=lambda fault: fault[0] or 1 << 64))
        if behind:
            return ("rolled_back" if n and self.signed == n and not beyond and self.untouched else "truncated"), self.vouched + 1, f"of {most} entries, the first {self.vouched} are certain"
        epoch, _, key = [epoch for epoch in told if epoch[1] <= max(a["size"], 1)][-1]
        other = self.anchor and (self.tree.root(a["size"]).hex(), epoch, key_id(name, key).hex()) != (a["root"], a["epoch"], a["key_id"])
        if not beyond and (other or any((self.log, self.tree.root(note.size)) != (note.log, note.root) for note in self.kept)):
            return "replaced", None, "the entries are not those that were anchored or witnessed"
        if beyond or not self.untouched: return "broken", None, "the file, its schema or rows beyond its end are not this log's"
        return ("intact", None, "all entries are as they were written") if self.anchor else ("unanchored", None, "it has no anchor")

def bundle(path, key, own, found):  # section 12
    unpacked = lambda: {name: open(os.path.join(path, name), "rb").read() for name in os.listdir(path)}.__getitem__
    read = unpacked() if os.path.isdir(path) else zipfile.ZipFile(path).read
    told, note, rows = canonical(read("bundle.json")[:-1]), Note(read("checkpoint.txt")), read("entries.jsonl").split(b"\n")[:-1]
    said = b"gatehouse-audit-bundle/v1\n" + jcs({name: told[name] for name in told if name != "signature"})
    check(bytes.fromhex(told["signer"]), bytes.fromhex(told["signature"]), said)
    same = lambda file: (len(read(file["name"])), sha(read(file["name"])).hex()) == (file["bytes"], file["sha256"])
    need(all(map(same, told["files"])), "a file is another one than the one that was signed")
    need([told[name] for name in ("format", "v", "entries", "log", "size", "root")] == [
        "gatehouse-audit-bundle", 1, len(rows), note.log, note.size, note.root.hex()], "bundle.json says something else")
    epochs, tree, last, leaf = [], Tree(), 0, bytes(32)
    for row in map(canonical, rows):
        seq = found["first_bad_seq"] = row["seq"]
        body, side = row["body"].encode(), row.get("private")
        e = entry(body)
        need((e["seq"], e["log"]) == (seq, note.log) and seq > last, "it calls itself another one")
        need(seq > last + 1 or e["prev"] == leaf.hex(), "it does not name the hash of the one before")
        need(not side or sha(bytes.fromhex(side["salt"]), side["json"].encode()).hex() == e["priv"], "its side row")
        tell(epochs, e)
        last, leaf = seq, tree.add(sha(b"\0", body))[0][2]
        if len(rows) < note.size: prove(seq - 1, note.size, [bytes.fromhex(h) for h in row["path"]], note.root, leaf=leaf)
    found.update(first_bad_seq=None, size=note.size, root=note.root.hex())
    need(len(rows) < note.size or tree.root(note.size) == note.root, "the entries are not those of the checkpoint")
    need([{"epoch": no, "first_seq": first, "key": key.hex()} for no, first, key in epochs] == told["epochs"], "the epochs")
    need(note.signed(key or epochs[-1][2], note.log), "the log's key did not sign the checkpoint")
    for row in map(canonical, read("witnessed.jsonl").split(b"\n")[:-1]):
        seen = Note(row["note"].encode())
        prove(seen.size, note.size, [bytes.fromhex(h) for h in row["consistency"]], note.root, known=seen.root)
        by = {bytes.fromhex(witness["key"]) for witness in told["witnesses"] if seen.signed(bytes.fromhex(witness["key"]))}
        need(by and seen.signed([key for _, first, key in epochs if first <= seen.size][-1], note.log), "a witnessed checkpoint")
        found["witnessed"] = max(found["witnessed"], seen.size if by - set(own) else 0)
def proof(raw, key, found):  # section 11
    if not key: raise OSError("a proof is judged by the log's key: give --key")
    form = re.fullmatch("c2sp.org/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]*)((\n[^\n]+)*)\n\n((.*\n)*)", raw.decode())
    note, e, index = Note(form[5].encode()), entry(b64(form[1])), int(form[2])
    need((e["seq"], e["log"]) == (index + 1, note.log) and note.signed(key, note.log), "another entry, or not the log's checkpoint")
    prove(index, note.size, [b64(h) for h in form[3].split()], note.root, leaf=sha(b"\0", b64(form[1])))
    found.update(size=note.size, root=note.root.hex())
def judge(path, anchor=None, key=None, kept=(), own=()):  # the verdict over a file or folder, in the shape of the command line's
    found = {"verdict": "intact", "size": 0, "root": None, "first_bad_seq": None, "reason": "all holds", "witnessed": 0}
    try:
        head = b"PK" if os.path.isdir(path) else open(path, "rb").read(9)
        if head[:2] == b"PK": bundle(path, key, own, found)
        elif head == b"c2sp.org/": proof(open(path, "rb").read(), key, found)
        else:
            log = Log(path, anchor, key, kept, own)
            found.update(zip(("verdict", "first_bad_seq", "reason"), log.verdict()), size=log.size, witnessed=log.witnessed, clocks=log.clocks)
            found["root"] = None if log.stopped or not log.size else log.tree.root(log.size).hex()
    except FileNotFoundError:
        if not (anchor and anchor["size"]): raise
        found.update(verdict="truncated", first_bad_seq=1, reason="the file is missing")
    except (*WRONG, sqlite3.Error) as why: found.update(verdict="broken", reason=str(why) or "a signature does not hold")
    return found
def main():
    ask = argparse.ArgumentParser(description="Judges a Gatehouse audit log, an archive, an evidence bundle or one entry's proof.")
    ask.add_argument("file", help="audit.db, a bundle's ZIP or folder, or a .tlog-proof")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--anchor", metavar="FILE", help="what is kept of the log outside its file, as JSON")
    ask.add_argument("--key", metavar="HEX", type=bytes.fromhex, help="the checkpoint key that is kept outside")
    ask.add_argument("--witnessed", metavar="NOTE", nargs="+", default=[], help="checkpoints that witnesses kept")
    ask.add_argument("--own", metavar="HEX", nargs="+", type=bytes.fromhex, default=[], help="person keys of the log's own computer")
    told = ask.parse_args()
    try:
        anchor = fit(json.loads(open(told.anchor, "rb").read().decode(), object_pairs_hook=members), ANCHOR, 6) if told.anchor else None
        found = judge(told.file, anchor, told.key, [Note(open(name, "rb").read()) for name in told.witnessed], told.own)
    except (OSError, *WRONG) as why: ask.error(str(why))
    print(json.dumps(found) if told.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    sys.exit(0 if found["verdict"] == "intact" else 7)
if __name__ == "__main__": main()
