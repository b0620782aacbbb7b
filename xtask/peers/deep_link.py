"""What a script does today for one portal link: PyJWT signs, requests asks, the link is printed.

A peer of the benchmark, written as a careful person would write it. Deliberately absent: a log, a keyring, a directory,
which are the product's; key, certificate and API key are files here.

deep_link.py BASE ACCOUNT MERCHANT PERSON FOLDER
"""

import sys
import time
import uuid
from pathlib import Path

import jwt
import requests


def token(folder: Path, account: str, merchant: str, person: str, jti: str) -> str:
    pem = (folder / "signing.crt").read_text()
    certificate = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    now = int(time.time())
    claims = {
        "iss": account,
        "sub": person,
        "jti": jti,
        "iat": now,
        "exp": now + 120,
        "account_id": merchant,
        "on_behalf_of": account,
        "roles": ["merchant:admin"],
        "amr": ["pwd"],
    }
    key = (folder / "signing.key").read_text()
    return jwt.encode(claims, key, algorithm="ES256", headers={"x5c": [certificate]})


def main() -> None:
    base, account, merchant, person, folder = sys.argv[1:]
    jti = str(uuid.uuid4())
    answer = requests.post(
        f"{base}/v2/accounts/{merchant}/portal/deep-links",
        json={"jwt": token(Path(folder), account, merchant, person, jti)},
        headers={
            "Authorization": "Basic " + (Path(folder) / "api-key").read_text().strip(),
            "Klarna-Idempotency-Key": str(uuid.uuid5(uuid.NAMESPACE_URL, jti)),
            "Partner-Correlation-Id": uuid.uuid4().hex,
        },
        timeout=45,
        allow_redirects=False,
    )
    answer.raise_for_status()
    print(answer.json()["url"], flush=True)


main()
