"""Reads a PDF by its own rules, with the standard library alone: the cross-reference, the catalog, the page tree, what is drawn.

It shares nothing with the library that wrote the file. Says how many pages and fonts it has, and how many marks its pages' streams make.
"""

import json
import re
import sys
import zlib

data = sys.stdin.buffer.read()
assert data.startswith(b"%PDF-1."), "the header"
assert data.rstrip().endswith(b"%%EOF"), "the end"
start = int(re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", data).group(1))


def stream_of(place):
    """The dictionary and the decoded stream of the object that begins at a place."""
    head = re.compile(rb"\d+\s+\d+\s+obj\s*(<<.*?>>)\s*stream\r?\n", re.S).match(data, place)
    assert head, f"an object with a stream begins at {place}"
    length = int(re.search(rb"/Length\s+(\d+)", head.group(1)).group(1))
    body = data[head.end() : head.end() + length]
    assert data[head.end() + length :].lstrip().startswith(b"endstream"), "its length is right"
    if b"/FlateDecode" in head.group(1):
        body = zlib.decompress(body)
    return head.group(1), body


places = {}
if data[start : start + 4] == b"xref":
    count = int(re.compile(rb"xref\s+0\s+(\d+)\s+").match(data, start).group(1))
    lines = re.findall(rb"(\d{10}) (\d{5}) ([nf])", data[start : start + 40 + 20 * count])
    assert len(lines) == count, "each object has a line"
    places = {number: int(place) for number, (place, _, kind) in enumerate(lines) if kind == b"n"}
    trailer = data[data.index(b"trailer", start) :]
else:
    trailer, body = stream_of(start)
    widths = [int(width) for width in re.search(rb"/W\s*\[\s*(\d+)\s+(\d+)\s+(\d+)", trailer).groups()]
    assert sum(widths) and len(body) % sum(widths) == 0, "rows of one width"
    for number in range(len(body) // sum(widths)):
        row = body[number * sum(widths) :]
        if int.from_bytes(row[: widths[0]], "big") == 1:
            places[number] = int.from_bytes(row[widths[0] : widths[0] + widths[1]], "big")
for number, place in places.items():
    assert re.compile(rb"%d\s+\d+\s+obj\b" % number).match(data, place), f"object {number} is where it is said to be"


def text_of(number):
    place = places[number]
    return data[place : data.index(b"endobj", place)]


catalog = text_of(int(re.search(rb"/Root\s+(\d+)\s", trailer).group(1)))
assert b"/Catalog" in catalog, "the root is a catalog"


def pages_under(number):
    node = text_of(number)
    if b"/Kids" not in node:
        assert re.search(rb"/Type\s*/Page\b", node), f"{number} is a page"
        return [node]
    kids = re.search(rb"/Kids\s*\[(.*?)\]", node, re.S).group(1)
    found = [page for kid in re.findall(rb"(\d+)\s+\d+\s+R", kids) for page in pages_under(int(kid))]
    assert len(found) == int(re.search(rb"/Count\s+(\d+)", node).group(1)), "the count is right"
    return found


pages = pages_under(int(re.search(rb"/Pages\s+(\d+)\s", catalog).group(1)))
marks = 0
for page in pages:
    contents = int(re.search(rb"/Contents\s+\[?\s*(\d+)\s", page).group(1))
    _, drawn = stream_of(places[contents])
    assert drawn.count(b"BT") == drawn.count(b"ET"), "each text ends"
    marks += sum(len(shown) // 4 for shown in re.findall(rb"<([0-9A-Fa-f]+)>", drawn)) + sum(
        len(shown) for shown in re.findall(rb"\(((?:\\.|[^\\)])*)\)", drawn, re.S)
    )
fonts = len(re.findall(rb"/Type\s*/Font\b", data))
print(json.dumps({"pages": len(pages), "fonts": fonts, "marks": marks}))
