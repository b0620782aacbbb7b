"""Keeps verify.py (named by the first argument) running: one job a line in, one judgement a line out, both JSON.

For the tests alone: 300 judgements of each class would else start 300 interpreters.
"""
import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)


def hexed(text):
    return bytes.fromhex(text) if text is not None else None


def database(job):
    """What the command line does, with its refusals as words."""
    try:
        anchor = verify.fit(json.loads(job["anchor"], object_pairs_hook=verify.members), verify.ANCHOR, 6) if job.get("anchor") is not None else None
        kept = [verify.Note(note.encode()) for note in job.get("kept", [])]
    except Exception as why:
        return {"verdict": "refused", "reason": str(why)}
    try:
        archive = job.get("archive")
        own = [hexed(own) for own in job.get("own", [])]
        return verify.judge(job["path"], anchor, hexed(job.get("key")), kept, own, hexed(archive))
    except Exception as why:
        return {"verdict": "error", "reason": str(why)}


def holds(check, *values):
    try:
        check(*values)
        return True
    except Exception:
        return False


def inclusion(job):
    path = [verify.b64(h) for h in job["path"]]
    return verify.prove(job["index"], job["size"], path, verify.b64(job["root"]), leaf=verify.b64(job["leaf"]))


def consistency(job):
    path = [verify.b64(h) for h in job["path"]]
    return verify.prove(job["old"], job["size"], path, verify.b64(job["root"]), known=verify.b64(job["old_root"]))


def note(job):
    found = verify.Note(job["note"].encode())
    verify.need(found.signed(hexed(job["key"]), job["log"]), "not signed")


def signature(job):
    key, blob = hexed(job["key"]), hexed(job["blob"])
    verify.need(blob[:4] == verify.key_id(job["name"], key), "another key id")
    verify.check(key, blob[4:], job["text"].encode())


def anchor(job):
    verify.fit(json.loads(job["text"], object_pairs_hook=verify.members), verify.ANCHOR, 6)


JOBS = {"anchor": anchor, "signature": signature, "inclusion": inclusion, "consistency": consistency, "note": note,
        "entry": lambda job: verify.entry(bytes.fromhex(job["bytes"])),
        "canonical": lambda job: verify.canonical(bytes.fromhex(job["bytes"]), 65536)}

for line in sys.stdin:
    job = json.loads(line)
    answer = {"holds": holds(JOBS[job["job"]], job)} if "job" in job else database(job)
    print(json.dumps(answer), flush=True)
