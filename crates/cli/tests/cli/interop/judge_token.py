# Judges one token from stdin with PyJWT and the key of the certificate in its header; argument: the account it must come from.
# It prints header and claims as JSON, or ends with an error. It is written from the documentation of the token alone.
import base64
import json
import sys

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

token, account = sys.stdin.read().strip(), sys.argv[1]
header = jwt.get_unverified_header(token)
assert sorted(header) == ["alg", "typ", "x5c"], f"the header has three members, not {sorted(header)}"
leaf = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0], validate=True))
key = leaf.public_key()
assert isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1", "the key is on P-256"
names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
uris = names.get_values_for_type(x509.UniformResourceIdentifier)
assert uris == [account], f"the certificate belongs to {account}, not {uris}"
usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
assert usage.digital_signature, "the certificate may sign"
required = ["iss", "sub", "iat", "exp", "jti", "account_id", "roles", "amr"]
claims = jwt.decode(token, key, algorithms=["ES256"], issuer=account, leeway=5, options={"require": required})
assert "aud" not in claims, "Klarna's token has no audience"
try:
    jwt.decode(token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"), key, algorithms=["ES256"])
    raise SystemExit("a changed signature was accepted")
except jwt.InvalidSignatureError:
    pass
json.dump({"header": header, "claims": claims}, sys.stdout)
