# Makes ocsf-1.8.0.json.gz: the JSON Schemas (Draft 2020-12) of the classes that entries become, with the profile `host`.
# Run it with a Python that has ocsf-json-schema 1.2.0; the schema is OCSF's own, Apache-2.0 (https://github.com/ocsf/ocsf-schema).
import gzip
import json
import pathlib

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

CLASSES = [0, 2004, 3001, 3002, 3004, 3005, 6002, 6003, 6005]
source = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
shared, classes = {}, {}
for uid in CLASSES:
    schema = source.get_class_schema(source.lookup_class_name_from_uid(uid), ["host"])
    for name, definition in schema.pop("$defs").items():
        assert shared.setdefault(name, definition) == definition, name
    classes[str(uid)] = schema


def bare(value):  # captions are not judged by
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items() if not (key == "title" and isinstance(inner, str))}
    return [bare(inner) for inner in value] if isinstance(value, list) else value


text = json.dumps(bare({"$defs": shared, "classes": classes}), sort_keys=True, separators=(",", ":"))
here = pathlib.Path(__file__).parent
(here / "ocsf-1.8.0.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
