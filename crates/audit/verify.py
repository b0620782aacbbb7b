#!/usr/bin/env python3
"""Judges a Gatehouse audit log, an archive, an evidence bundle or one entry's proof, without any code of Gatehouse. Written from
docs/audit-format.md, whose sections it names; only reads. Exit status: 0 intact, 7 anything else, 2 called wrongly, 3 not readable."""
import argparse, base64, datetime, functools, hashlib, json, os, re, sqlite3, sys, urllib.parse, zipfile
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
SCHEMA, HEX = "799083e911b8caf1465bc6df394c4eee5426a7eda17b793c98b6e8fa27d776a3", "[0-9a-f]{64}"  # section 2
FORMS = {  # section 3.2: strings and numbers by pattern, objects by their members; the first nine always stand
    "v": "1", "seq": "[1-9][0-9]*", "mono": "[0-9]+", "log": "[0-9a-f]{32}", "prev": HEX, "phase": "intent|outcome|note",
    "time": r"(19[7-9].|[2-9]...)-..-..T..:..:..\.[0-9]{3}Z(?<!9999-12-31.{14})", "act": "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
    "kind": r"(?=.{1,64}$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", "profile": "(?s:.*)", "merchant": "(?s:.*)", "env": "live|test|sandbox",
    "plan_sha256": HEX, "priv": HEX, "actor": {"key_id", "role", "session"}, "device": {"id", "os", "app"}, "request": None, "result": None, "signing": None}
ANCHOR = {"v": "1", "log_id": "[0-9a-f]{32}", "epoch": "[1-9][0-9]*", "size": "[0-9]+", "root": HEX, "key_id": "[0-9a-f]{8}", "signatures": None}
MEMBERS = ("bundle.json", "entries.jsonl", "checkpoint.txt", "witnessed.jsonl", "verify.py", "README.txt", "report.pdf")
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
key_id = lambda name, key, kind=b"\1": sha(name.encode(), b"\n", kind, key)[:4]
check = lambda key, signature, text: Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
jcs = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def need(holds, why):
    if not holds: raise ValueError(why)
b64 = lambda text: need(base64.b64encode(base64.b64decode(text, validate=True)).decode() == text, "base64 of another form") or base64.b64decode(text)
members = lambda pairs: need(len(dict(pairs)) == len(pairs) and all(re.fullmatch("[!-~]+", name) for name, _ in pairs), "its members' names") or dict(pairs)
plain = lambda value, level=1: type(value) in (str, bool) or type(value) is int and abs(value) < 2**53 or type(value) in (dict, list) and (
    level <= 16 and all(plain(part, level + 1) for part in (value.values() if type(value) is dict else value)))
def canonical(raw, limit=1 << 30):  # section 3.1: the object whose one canonical form `raw` is
    value = json.loads(raw.decode(), object_pairs_hook=members) if 2 <= len(raw) <= limit else None
    return need(type(value) is dict and plain(value) and raw == jcs(value), "it is not in canonical form") or value
def fit(value, forms, always):  # whether an object has these members, each in its form
    need(set(list(forms)[:always]) <= value.keys() <= forms.keys(), "its members")
    for (name, text), form in zip(value.items(), map(forms.get, value)):
        need(type(text) is (int if name in ("v", "seq", "mono", "epoch", "size") else str) and re.fullmatch(form, str(text)) if type(form) is str else
             type(text) is dict and bool(text or name == "signatures") and (not form or text.keys() == form and {*map(type, text.values())} == {str}), "its " + name)
    return value
def entry(raw):  # section 3.2: an entry's members, each in its form
    e = fit(canonical(raw, 16384), FORMS, 9)
    return {**e, "ms": (datetime.datetime.fromisoformat(e["time"][:-1]) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)}
def tell(epochs, e):  # sections 4.2 and 6: adds (epoch, its first entry, its key) if this entry begins one
    if e["seq"] != 1 and e["kind"] not in ("log.genesis", "log.reanchored"): return
    epoch, key = 1 if e["seq"] == 1 else e["request"]["epoch"], e["request"]["checkpoint_key"]
    placed = (e["seq"] == 1) == (e["kind"] == "log.genesis") and e["phase"] == "note"
    need(placed and type(epoch) is int and all(epoch > told[0] for told in epochs) and re.fullmatch(HEX, key), "its kind, its epoch or its key")
    epochs.append((epoch, e["seq"], bytes.fromhex(key)))
class Tree(list):  # section 5: the complete subtrees, a list for each level; level 0 is the leaves
    def add(self, h):
        for level in range(64):
            self += [[]] if level == len(self) else []
            self[level].append(h)
            if len(self[level]) % 2: return [(level, len(row) - 1, row[-1]) for level, row in enumerate(self[:level + 1])]
            h = sha(b"\1", self[level][-2], h)
    def root(self, size):  # none where an archived leaf is needed
        parts = [self[level][(size >> level) - 1] for level in range(64) if size >> level & 1] or [sha()]
        return None if None in parts else functools.reduce(lambda right, left: sha(b"\1", left, right), parts)
def roots(old, size, path, known, leaf):  # RFC 9162 2.1.3, 2.1.4: the roots to which a path leads from a leaf at `old`, or from `known`
    if size == (1 if leaf else old): return (leaf or known or path.pop(0),) * 2
    half = 1 << (size - 1).bit_length() - 1
    left = old < half + (leaf is None)
    (first, second), beside = roots(old, half, path, known, leaf) if left else roots(old - half, size - half, path, None, leaf), path.pop(0)
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
        blobs = [blob[4:] for signer, blob in self.lines if (signer, blob[:4]) == (name, key_id(name, key, b"\1" if log else b"\4"))]
        for blob in blobs: check(key, *((blob, self.text) if log else (blob[8:], b"cosignature/v1\ntime %d\n" % int.from_bytes(blob[:8], "big") + self.text)))
        return blobs and self.log == (log or self.log)
class Log:  # section 8: one walk over a database file
    def __init__(self, path, anchor, key, kept, own, archive):
        self.anchor, self.key, self.kept, self.own, self.archive, self.log, self.prev = anchor, key, kept, own, archive, None, bytes(32)
        self.size = self.vouched = self.signed = self.witnessed = self.archived = self.stopped = 0
        self.epochs, self.faults, self.waiting, self.claims, self.archives, self.left, self.clocks = [], [], [], [], [0], [], []
        self.tree, self.bare, self.last, self.before = Tree(), set(), {}, None
        self.ask = lambda sql, *values: self.db.execute(sql, values).fetchall()
        uri = f"file:{urllib.parse.quote(os.path.abspath(path))}?mode=ro" + "&immutable=1" * (not os.path.exists(path + "-wal"))
        self.db = sqlite3.connect(uri, uri=True, isolation_level=None)
        self.db.text_factory, _ = bytes, self.db.execute("BEGIN")
        rows = sorted(self.ask("SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_master"))  # section 2
        told = [self.ask("PRAGMA " + name)[0][0] for name in ("application_id", "user_version", "integrity_check")]
        self.untouched = told == [1195917653, 1, b"ok"] and sha(*(part + b"\0" for row in rows for part in row)).hex() == SCHEMA
        if told[0] == 1195917653 and told[1] > 1: raise OSError("its schema is of a later version")
        if not rows and told[:2] == [0, 0]: raise FileNotFoundError("there is no log")
        self.meta = self.ask("SELECT epoch, first_seq, checkpoint_key, CAST(log_id AS BLOB) FROM meta ORDER BY epoch")
        self.nodes = {(level, idx): h for level, idx, h in self.ask("SELECT level, idx, h FROM node")}
        self.notes = dict(self.ask("SELECT size, CAST(note AS BLOB) FROM checkpoint ORDER BY size"))
        self.sides = {seq: (salt, text) for seq, salt, text in self.ask("SELECT seq, salt, json FROM event_private")}
        try:
            for seq, leaf, body in self.db.execute("SELECT seq, leaf, body FROM event ORDER BY seq"):
                if seq > 1 and not self.size: self.begin(seq - 1, body)
                self.entry(seq, leaf, body)
        except sqlite3.Error: raise
        except Exception as why: self.stopped = self.faults.append((self.suspect, str(why))) is None
    def begin(self, end, body):  # section 10: stands behind archived entries, by what they left
        self.tree += [[None] * (end - 1) + [b""], *([self.nodes.get((level, idx)) for idx in range(end >> level)] for level in range(1, end.bit_length()))]
        self.epochs, self.suspect = [epoch[:3] for epoch in self.meta if epoch[1] <= end], 1
        need(self.epochs and self.tree.root(end) is not None, "the entries before it are missing")
        self.size, self.archived, self.suspect, self.log = end, end, end + 1, self.meta[0][3].decode()
        self.tree[0][-1] = self.before = self.prev = bytes.fromhex(entry(body)["prev"])
        notes = {size: self.own_note(size) for size in [*self.notes, end] if 0 < size <= end}
        self.left += [(size, "its checkpoint") for size, note in notes.items() if not note or self.tree.root(size) not in (None, note.root)]
        self.signed = self.vouched = 0 if self.left else end
        pairs = lambda level: zip(self.tree[level], self.tree[level - 1][::2], self.tree[level - 1][1::2])
        self.left += [((idx + 1) << level, "its subtree") for level in range(1, len(self.tree)) for idx, (h, *halves) in enumerate(pairs(level))
                      if not h or level > 1 and None not in halves and h != sha(b"\1", *halves)]
    def root(self, size):  # section 10: where an archived leaf is needed, the checkpoint's; none without one
        return self.tree.root(size) or getattr(self.own_note(size), "root", None)
    def entry(self, seq, leaf, body):
        n = self.suspect = self.size + 1
        need(seq == n and leaf == sha(b"\0", body), "it is missing, or its bytes are not those of its hash")
        e = entry(body)
        self.log, asked = self.log or e["log"], e.get("request", {})
        placed, follows = (e["seq"], e["log"]) == (n, self.log), e["prev"] == self.prev.hex()
        self.suspect = n if follows or not placed else max(n - 1, self.vouched + 1)
        need(placed and follows, "it calls itself another one, or is not the one that the next one names")
        tell(self.epochs, e)
        if e["kind"] == "private.erased": self.bare.discard(asked.get("seq"))
        side = self.sides.pop(n, None) if "priv" in e else None
        self.bare |= {n} if "priv" in e and not side else set()
        need(not side or len(side[0]) == 32 and sha(*side).hex() == e["priv"] and canonical(side[1], 65536) is not None, "its side row")
        try: e["kind"] in ("audit.witnessed", "audit.review", "log.archived") and self.claim(e["kind"] == "log.archived", n, asked)
        except Exception as why: self.claims.append((n, str(why)))
        self.waiting += [(n, "its subtree") for level, idx, h in self.tree.add(leaf) if level and h != self.nodes.get((level, idx))]
        self.size, self.prev, root, note = n, leaf, self.tree.root(n), self.own_note(n)
        self.waiting += [(n, "its checkpoint")] * (n in self.notes and not note)
        self.signed, self.suspect = n if note else self.signed, self.vouched + 1
        need(not note or note.root == root, "the entries from it on are not those that were signed")
        passed, ticked, last, self.last = *(e[name] - self.last.get(name, e[name]) for name in ("ms", "mono")), self.last, e
        together = "actor" in e and e["actor"]["session"] == last.get("actor", {}).get("session")
        self.clocks += [n] * (passed < -2000 or together and abs(passed - ticked) > 2000)
        if self.signed == n or self.anchor and (self.anchor["size"], self.anchor["root"]) == (n, root.hex()):
            self.vouched, self.faults, self.waiting = n, self.faults + self.waiting, []
    def claim(self, archive, n, asked):  # sections 8 and 10: a co-signature or an archive, which an entry tells of
        size, root, other = asked["size"], asked["root"], asked["last_leaf" if archive else "witness"]
        need(type(size) is int and 0 < size < n and re.fullmatch(HEX, root) and re.fullmatch(HEX, other), "what it tells is out of form")
        if archive: self.archives.append(size)
        need(self.root(size) in (None, bytes.fromhex(root)), "the root that it names")
        if archive: return need(size < self.archived or self.tree[0][size - 1].hex() == other, "the leaf that it names")
        text = f"gatehouse/{self.log}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n\n{asked['cosignature']}\n"
        need(Note(text.encode()).signed(bytes.fromhex(other)), "its co-signature")
        self.witnessed = max(self.witnessed, size if bytes.fromhex(other) not in self.own else 0)
    def own_note(self, size):  # the checkpoint there, if the log's key in force signed it for this size
        key = [key for _, first, key in self.epochs if first <= size][-1:]
        try: return next((note for note in [Note(self.notes[size])] if note.size == size and note.signed(*key, self.log)), None)
        except Exception: return None
    def verdict(self):  # section 8's table: the first verdict that applies, the first bad entry, and why
        a, n, told, name = self.anchor or {"size": 0}, self.size, self.epochs, f"gatehouse/{self.log}"
        foreign = self.key and not self.stopped and self.key not in [key for _, _, key in told]
        if self.anchor and self.log and (a["log_id"] != self.log or foreign): return "replaced", None, "the anchor, or the key, is another log's"
        faults = self.faults + [(self.vouched + 1, why) for _, why in self.waiting]
        beyond = max([*self.notes, *self.sides, *(epoch[1] for epoch in self.meta), 0]) > n or any(idx >= n >> max(level, 0) for level, idx in self.nodes)
        stray = [at for at in [*self.notes, *self.sides] if at < 1 or at in self.sides and at <= n] + [at for at in self.nodes if min(at) < 0 or at[0] == 0]
        most = max([a["size"], *(note.size for note in self.kept), *(size for size in self.notes if size > n and self.own_note(size))])
        behind = not n or most > n or beyond and not (self.anchor and a["size"] == n == self.vouched)
        if not self.stopped:
            meta, want = [epoch for epoch in self.meta if epoch[1] <= n], [(*epoch, (self.log or "").encode()) for epoch in told]
            faults += [(min(n, self.vouched + 1), "its checkpoint is missing")] * (not faults and not behind and self.signed < n)
            faults += [(None, "a stray row")] * len(stray) + self.claims
            faults += [(next((w[1] for w in want if w not in meta), None), "the table meta")] * (meta != want)
            ours = [at for at, (_, _, key) in enumerate(told) if (self.key or a.get("key_id")) == (key if self.key else key_id(name, key).hex())]
            faults += [(epoch[1], "the key from it on is a foreign one") for epoch in told[ours[-1] + 1:]] if ours else []
            faults += [(seq, "its side row is missing") for seq in self.bare if self.archive is None]
            faults += [(max(size for size in self.archives if size <= self.archived) + 1, "it is missing")] * (self.archive is None and self.archived not in self.archives)
        faults += self.left if n > self.archived else []
        faults += [(self.archived + 1, "it does not follow the archive before")] * (self.archived > 0 and self.before != (self.archive or self.before))
        if faults: return ("broken", *min(faults, key=lambda fault: fault[0] or 1 << 64))
        if behind: return ("rolled_back" if 0 < n == self.signed and not beyond and self.untouched else "truncated"), self.vouched + 1, f"of {most} entries, {self.vouched} are certain"
        (epoch, _, key), root = [epoch for epoch in told if epoch[1] <= max(a["size"], 1)][-1], self.root(a["size"])
        other = self.anchor and root and (root.hex(), epoch, key_id(name, key).hex()) != (a["root"], a["epoch"], a["key_id"])
        other = other or any(self.log != note.log or self.root(note.size) not in (None, note.root) for note in self.kept)
        if other and not beyond: return "replaced", None, "the entries are not those that were anchored or witnessed"
        if beyond or not self.untouched: return "broken", None, "the file, its schema or rows beyond its end are not this log's"
        if not self.anchor if self.archive is None else self.archived and not self.archive: return "unanchored", None, "nothing outside it vouches for it"
        return "intact", None, "all entries are as they were written"
def bundle(path, key, own, found):  # section 12
    if os.path.isdir(path): files = {name: open(os.path.join(path, name), "rb").read() for name in MEMBERS if os.path.isfile(os.path.join(path, name))}
    else:
        with zipfile.ZipFile(path) as packed: files = {name: packed.read(name) for name in packed.namelist()}
        need(len(files) == len(packed.infolist()) and not any(part.compress_type for part in packed.infolist()), "a member is there twice, or compressed")
    told, note, lines = canonical(re.fullmatch(b"(.*)\n", files["bundle.json"])[1]), Note(files["checkpoint.txt"]), files["entries.jsonl"].split(b"\n")
    check(*map(bytes.fromhex, (told["signer"], told["signature"])), b"gatehouse-audit-bundle/v1\n" + jcs({name: told[name] for name in told if name != "signature"}))
    named = {file["name"]: (file["bytes"], file["sha256"]) for file in told["files"]}
    need({name: (len(files[name]), sha(files[name]).hex()) for name in files.keys() - {"bundle.json", "report.pdf"}} == named, "its files are not those that were signed")
    keys, last = [(epoch["epoch"], epoch["first_seq"], bytes.fromhex(epoch["key"])) for epoch in told["epochs"]], told.get("archived", 0)
    whole, epochs, tree, leaf, gone = told["entries"] == note.size, [key for key in keys if key[1] <= last], Tree(), bytes.fromhex(told.get("archived_leaf", "00" * 32)), [last, told.get("archived_leaf")]
    tells, same = not last, ("gatehouse-audit-bundle", 1, note.log, note.size, note.root.hex()) == tuple(map(told.get, ("format", "v", "log", "size", "root"))) and note.signed(keys[-1][2], note.log)
    need(type(last) is int and (last > 0) == ("archived" in told) == ("archived_leaf" in told) and len(leaf) == 32 and same, "the log's key did not sign the checkpoint, or it is described in another form")
    for line in lines[:-1]:
        found["first_bad_seq"], row = last + 1, canonical(line)
        seq, body, side = row["seq"], row["body"].encode(), row.get("private")
        found["first_bad_seq"], e = seq, entry(body)
        need((e["seq"], e["log"], "path" in row) == (seq, note.log, not whole) and seq > last, "it calls itself another one")
        need(seq > last + 1 or e["prev"] == leaf.hex(), "it does not name the hash of the one before")
        need(not side or sha(bytes.fromhex(side["salt"]), side["json"].encode()).hex() == e["priv"] and canonical(side["json"].encode()) is not None, "its side row")
        tells = tell(epochs, e) or tells or e["kind"] == "log.archived" and [e.get("request", {}).get(name) for name in ("size", "last_leaf")] == gone
        last, leaf = seq, tree.add(sha(b"\0", body))[0][2]
        if not whole: prove(seq - 1, note.size, [bytes.fromhex(h) for h in row["path"]], note.root, leaf=leaf)
    found.update(first_bad_seq=None, size=note.size, root=note.root.hex())
    need(len(lines) == told["entries"] + 1 and not lines[-1] and (not whole or tree.root(note.size) == note.root), "the entries are not those of the checkpoint")
    need(tells and keys == epochs and key in (None, keys[-1][2]), "its keys are not those that its entries tell, or that is kept outside")
    for row in map(canonical, filter(None, files["witnessed.jsonl"].split(b"\n"))):
        seen = Note(row["note"].encode())
        prove(seen.size, note.size, [bytes.fromhex(h) for h in row["consistency"]], note.root, known=seen.root)
        by = set(filter(seen.signed, (bytes.fromhex(witness["key"]) for witness in told["witnesses"])))
        need(by and seen.signed([key for _, first, key in epochs if first <= seen.size][-1], note.log), "a witnessed checkpoint")
        found["witnessed"] = max(found["witnessed"], seen.size if by - set(own) else 0)
def proof(raw, key, found):  # section 11
    if not key: raise OSError("a proof is judged by the log's key: give --key")
    form = re.fullmatch("c2sp.org/tlog-proof@v1\nextra (.*)\nindex (0|[1-9][0-9]*)((\n[^\n]+)*)\n\n((.*\n)*)", raw.decode())
    note, e, index = Note(form[5].encode()), entry(b64(form[1])), int(form[2])
    need((e["seq"], e["log"]) == (index + 1, note.log) and note.signed(key, note.log), "another entry, or not the log's checkpoint")
    prove(index, note.size, [b64(h) for h in form[3].split()], note.root, leaf=sha(b"\0", b64(form[1])))
    found.update(size=note.size, root=note.root.hex())
def judge(path, anchor=None, key=None, kept=(), own=(), archive=None):  # the verdict, in the shape of the command line's
    found = {"verdict": "intact", "size": 0, "root": None, "first_bad_seq": None, "reason": "all holds", "witnessed": 0}
    if os.path.isdir(path) and not os.path.isfile(os.path.join(path, "bundle.json")): path = os.path.join(path, "audit.db")
    try:
        head = b"" if os.path.isdir(path) else open(path, "rb").read(9)
        if os.path.isdir(path) or head[:4] == b"PK\3\4": bundle(path, key, own, found)
        elif head == b"c2sp.org/": proof(open(path, "rb").read(), key, found)
        else:
            log = Log(path, anchor, key, kept, own, archive)
            found.update(zip(("verdict", "first_bad_seq", "reason"), log.verdict()), size=log.size, witnessed=log.witnessed, clocks=log.clocks)
            found["root"] = None if log.stopped or not log.size else log.tree.root(log.size).hex()
    except Exception as why:
        if isinstance(why, FileNotFoundError) and anchor and anchor["size"]: found.update(verdict="truncated", first_bad_seq=1, reason="the file is missing")
        elif isinstance(why, (OSError, MemoryError)) or isinstance(why, sqlite3.OperationalError) and "no such" not in str(why): raise
        else: found.update(verdict="broken", reason=str(why) if isinstance(why, (ValueError, sqlite3.Error)) else f"out of form, or signed falsely: {why!r}")
    return found
if __name__ == "__main__":
    ask, hexed = argparse.ArgumentParser(description=__doc__.split("\n")[0]), {"metavar": "HEX", "type": bytes.fromhex}
    ask.add_argument("file", help="audit.db, an archive, a bundle's ZIP or folder, or a .tlog-proof")
    ask.add_argument("--anchor", metavar="FILE", help="what is kept of the log outside its file, as JSON")
    ask.add_argument("--key", **hexed, help="the checkpoint key that is kept outside")
    ask.add_argument("--witnessed", metavar="NOTE", action="append", default=[], help="a checkpoint that a witness kept")
    ask.add_argument("--own", **hexed, action="append", default=[], help="a person key of the log's own computer")
    ask.add_argument("--archive", **hexed, nargs="?", const=b"", help="the file is an archive, which goes on from the leaf hash with which the one before it ends")
    told = ask.parse_args()
    try:
        anchor = fit(json.loads(open(told.anchor, "rb").read().decode(), object_pairs_hook=members), ANCHOR, 6) if told.anchor else None
        found = judge(told.file, anchor, told.key, [Note(open(name, "rb").read()) for name in told.witnessed], told.own, told.archive)
    except Exception as why: ask.exit(3, f"{ask.prog}: {why}\n")
    print(json.dumps(found, indent=1))
    sys.exit(0 if found["verdict"] == "intact" else 7)
