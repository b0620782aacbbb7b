"""Writes damaged copies of an evidence bundle: each member altered, missing, doubled, swapped; the ZIP file cut, packed or added to.

damage.py BUNDLE FOLDER: the names of the copies that must be found broken, then of those that must still hold, one JSON document.
"""
import json
import os
import sys
import warnings
import zipfile

warnings.simplefilter("ignore")  # of a member that is there twice
bundle, folder = sys.argv[1:]
with zipfile.ZipFile(bundle) as packed:
    members = [(name, packed.read(name)) for name in packed.namelist()]
whole = open(bundle, "rb").read()
broken, sound = [], []


def write(name, parts, found=broken, how=zipfile.ZIP_STORED):
    path = os.path.join(folder, name + ".zip")
    with zipfile.ZipFile(path, "w", how) as packed:
        for part in parts:
            packed.writestr(*part)
    found.append(path)


def cut(name, raw):
    path = os.path.join(folder, name + ".zip")
    open(path, "wb").write(raw)
    broken.append(path)


write("copied", members, sound)
write("turned-round", members[::-1], sound)
for at, (name, raw) in enumerate(members):
    others = members[:at] + members[at + 1:]
    # The page for people is not covered by the check, as the README says.
    found = sound if name == "report.pdf" else broken
    for place in {0, len(raw) // 2, len(raw) - 1} if raw else ():
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        write(f"{name}-altered-{place}", others + [(name, changed)], found)
    write(f"{name}-emptied", others + [(name, b"" if raw else b"{}\n")], found)
    write(f"{name}-missing", others, found)
    write(f"{name}-doubled", members + [(name, raw)])
    swapped = members[(at + 1) % len(members)]
    write(f"{name}-swapped", [(other, swapped[1] if other == name else raw if other == swapped[0] else content) for other, content in members])
write("a-stranger", members + [("more.txt", b"more")])
write("packed", members, broken, zipfile.ZIP_DEFLATED)
write("nothing", [])
for part in (5, 50, 500):
    cut(f"cut-{part}", whole[:len(whole) * part // 1000])
cut("cut-at-the-end", whole[:-1])
cut("cut-directory", whole[:-60])
print(json.dumps({"broken": broken, "sound": sound}))
