# Judges what the SAML identity provider says, as service providers that know nothing of it: python3-saml in strict mode, pysaml2 (with
# xmlsec1), xmlsec1 by itself, and the OASIS schemas. One JSON object comes in, one goes out.
import base64
import functools
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
import urllib.parse

from lxml import etree
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.sigver import CryptoBackendXmlSec1

logging.disable(logging.CRITICAL)
asked = json.load(sys.stdin)
SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemas")
XMLSEC1 = "xmlsec1"


# python3-saml reads its schemas anew for each answer.
read_schemas = {}


def schema_once(tree):
    if tree.docinfo.URL not in read_schemas:
        read_schemas[tree.docinfo.URL] = etree.XMLSchema(tree)
    return read_schemas[tree.docinfo.URL]


OneLogin_Saml2_XML._schema_class = schema_once
# pysaml2 asks xmlsec1 for its version with each signature.
CryptoBackendXmlSec1.version = property(functools.lru_cache(CryptoBackendXmlSec1.version.fget))


def schema(name):
    return etree.XMLSchema(etree.parse(os.path.join(SCHEMAS, name)))


def onelogin():
    folded = asked["certificate"].replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "")
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": asked["service"],
                "assertionConsumerService": {"url": asked["acs"], "binding": BINDING_HTTP_POST},
                "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            },
            "idp": {
                "entityId": asked["entity"],
                "singleSignOnService": {"url": asked["sso"], "binding": BINDING_HTTP_REDIRECT},
                "x509cert": "".join(folded.split()),
            },
            "security": {
                "wantMessagesSigned": True,
                "wantAssertionsSigned": True,
                "wantNameId": True,
                "wantAttributeStatement": True,
                "requestedAuthnContext": asked.get("contexts", False),
                "rejectUnsolicitedResponsesWithInResponseTo": True,
                "rejectDeprecatedAlgorithm": True,
            },
        },
        sp_validation_only=False,
    )


def pysaml(metadata):
    config = SPConfig()
    config.load(
        {
            "entityid": asked["service"],
            "xmlsec_binary": subprocess.run(["which", XMLSEC1], capture_output=True, text=True, check=True).stdout.strip(),
            "metadata": {"inline": [metadata]},
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(asked["acs"], BINDING_HTTP_POST)]},
                    "allow_unsolicited": True,
                    "want_response_signed": True,
                    "want_assertions_signed": True,
                    "authn_requests_signed": False,
                }
            },
        }
    )
    return Saml2Client(config)


def by_onelogin(settings, response, request):
    address = urllib.parse.urlparse(asked["acs"])
    here = {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": address.path,
        "get_data": {},
        "post_data": {},
    }
    judged = OneLogin_Saml2_Response(settings, response)
    judged.is_valid(here, request_id=request, raise_exceptions=True)
    if request is None:
        assert judged.document.get("InResponseTo") is None, "nobody asked"
    return {
        "name_id": judged.get_nameid(),
        "name_id_format": judged.get_nameid_format(),
        "attributes": judged.get_attributes(),
        "contexts": judged.get_authn_contexts(),
        "session": judged.get_session_index() is not None,
    }


def by_pysaml(client, response, request):
    outstanding = {} if request is None else {request: "/"}
    judged = client.parse_authn_request_response(response, BINDING_HTTP_POST, outstanding)
    assert judged is not None, "pysaml2 gives nothing"
    if request is not None:
        assert judged.in_response_to == request, "the answer is for another request"
    return {"name_id": judged.name_id.text, "attributes": judged.ava}


def by_xmlsec1(*documents):
    with tempfile.TemporaryDirectory() as folder:
        certificate = os.path.join(folder, "c.pem")
        with open(certificate, "w") as file:
            file.write(asked["certificate"])
        files = [os.path.join(folder, f"{at}.xml") for at in range(len(documents))]
        for name, xml in zip(files, documents):
            with open(name, "wb") as file:
                file.write(xml)
        ids = []
        for name in ["protocol:Response", "assertion:Assertion", "metadata:EntityDescriptor"]:
            ids += ["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:" + name]
        # With its namespace, or xmlsec1 would go on to the next signature.
        signature = "/*[local-name()='Signature' and namespace-uri()='http://www.w3.org/2000/09/xmldsig#']"
        stating = [name for name, xml in zip(files, documents) if b"<saml:Assertion" in xml]
        for place, where in [("/*", files), ("/*/*[local-name()='Assertion']", stating)]:
            if where:
                run = [XMLSEC1, "--verify", "--pubkey-cert-pem", certificate, *ids, "--node-xpath", place + signature, *where]
                done = subprocess.run(run, capture_output=True, text=True, check=False)
                assert done.returncode == 0, "xmlsec1: " + done.stderr
                good = (done.stdout + done.stderr).splitlines().count("OK")
                assert good == len(where), f"xmlsec1 took {good} of {len(where)}"
    return True


# One program for all of them; where it refuses one, each is asked of by itself.
def each_by_xmlsec1(documents):
    together = told(by_xmlsec1, *documents)
    if "accepted" in together:
        return [together] * len(documents)
    return [told(by_xmlsec1, xml) for xml in documents]


def told(judge, *args):
    try:
        return {"accepted": judge(*args)}
    except Exception as refusal:  # whatever a library throws is its no
        return {"refused": f"{type(refusal).__name__}: {refusal}"[:300]}


def requests():
    settings = onelogin()
    mine = OneLogin_Saml2_Authn_Request(
        settings, force_authn=asked.get("fresh", False), is_passive=asked.get("passive", False), set_nameid_policy=True
    )
    query = urllib.parse.urlencode({"SAMLRequest": mine.get_request(), "RelayState": "from python3-saml"})
    client = pysaml(asked["metadata"])
    request_id, prepared = client.prepare_for_authenticate(entityid=asked["entity"], relay_state="from pysaml2")
    return {
        "onelogin": {"id": mine.get_id(), "url": asked["sso"] + "?" + query},
        "pysaml": {"id": request_id, "url": dict(prepared["headers"])["Location"]},
    }


ALL = ["onelogin", "pysaml", "xmlsec1", "schema"]


def verdicts(case):
    xml, request = base64.b64decode(case["response"]), case.get("request")
    said, by = {}, case.get("by", ALL)
    if "onelogin" in by:
        said["onelogin"] = told(by_onelogin, known["settings"], case["response"], request)
    if "pysaml" in by:
        said["pysaml"] = told(by_pysaml, known["client"], case["response"], request)
    if "schema" in by:
        said["schema"] = told(lambda text: known["protocol"].assertValid(etree.fromstring(text)) is None, xml)
    return said


def some_judged(cases):
    out = [verdicts(case) for case in cases]
    at = [number for number, case in enumerate(cases) if "xmlsec1" in case.get("by", ALL)]
    for number, said in zip(at, each_by_xmlsec1([base64.b64decode(cases[number]["response"]) for number in at])):
        out[number]["xmlsec1"] = said
    return out


# What every judging process has from the one that it comes from.
known = {}


def judged():
    known.update(settings=onelogin(), client=pysaml(asked["metadata"]), protocol=schema("saml-schema-protocol-2.0.xsd"))
    cases = asked["cases"]
    some = [cases[at : at + 25] for at in range(0, len(cases), 25)]
    # pysaml2 starts a program for each signature, so that several processes judge at once.
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count(), len(some))) as pool:
        return [said for told_of_some in pool.map(some_judged, some, chunksize=1) for said in told_of_some]


def described():
    xml = asked["metadata"].encode()
    schema("saml-schema-metadata-2.0.xsd").assertValid(etree.fromstring(xml))
    by_xmlsec1(xml)
    assert OneLogin_Saml2_Utils.validate_metadata_sign(xml, asked["certificate"], raise_exceptions=True)
    client = pysaml(asked["metadata"])
    return {"sso": client.sso_location(asked["entity"], BINDING_HTTP_REDIRECT)}


json.dump({"requests": requests, "judge": judged, "metadata": described}[asked["do"]](), sys.stdout)
