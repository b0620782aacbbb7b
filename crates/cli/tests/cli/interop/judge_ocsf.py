# Judges OCSF events, one a line on stdin, by the schemas that ocsf-json-schema makes for their class and profiles.
# It breaks one sound event in three ways and must see each; prints how many it judged, or ends with the first that is wrong.
import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

source, validators = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0")), {}


def judge(event):
    profiles = tuple(event["metadata"].get("profiles", []))
    key = (event["class_uid"], profiles)
    if key not in validators:
        name = source.lookup_class_name_from_uid(event["class_uid"])
        validators[key] = Draft202012Validator(source.get_class_schema(name, list(profiles)))
    return next(validators[key].iter_errors(event), None)


events, breakable = 0, None
for line in sys.stdin.buffer:
    event = json.loads(line)
    fault = judge(event)
    assert fault is None, f"{event['metadata']['event_code']}: {fault.message} at {list(fault.path)}"
    events += 1
    if event["class_uid"] in (3005, 6003):
        breakable = event
assert breakable is not None, "no event of a class that can be broken"
refused = 0
for broken in (
    {**breakable, "token": "x"},
    {key: value for key, value in breakable.items() if key not in ("user", "actor", "src_endpoint")},
    {**breakable, "activity_id": 55},
):
    refused += judge(broken) is not None
json.dump({"events": events, "refused": refused}, sys.stdout)
