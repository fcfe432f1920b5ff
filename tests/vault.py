"""A secrets provider for stacks of tests: Vault's transit engine, as far as the engine asks it.

From a passphrase the engine derives a key in each run, which takes longer than all else it does
before it starts the program. Vault's way is one request.
"""

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PROVIDER = "hashivault://tests"


class Vault(ThreadingHTTPServer):
    """`POST /v1/transit/{encrypt,decrypt}/tests`. What it has encrypted it knows as long as it
    lives (https://developer.hashicorp.com/vault/api-docs/secret/transit)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.token = secrets.token_hex()
        self.known: dict[str, str] = {}

    def answer(self, path: str, token: str | None, asked: dict[str, str]) -> tuple[int, Any]:
        if token != self.token:
            return 403, {"errors": ["permission denied"]}
        if path == "/v1/transit/encrypt/tests":
            return 200, {"data": {"ciphertext": self.encrypted(asked["plaintext"])}}
        if path == "/v1/transit/decrypt/tests" and asked["ciphertext"] in self.known:
            return 200, {"data": {"plaintext": self.known[asked["ciphertext"]]}}
        return 400, {"errors": ["invalid ciphertext: unable to decrypt"]}

    def encrypted(self, plaintext: str) -> str:
        ciphertext = f"vault:v1:{secrets.token_hex()}"
        self.known[ciphertext] = plaintext
        return ciphertext

    def environment(self) -> dict[str, str]:
        """Stacks that are made with it in the environment have this secrets provider."""
        return {
            "VAULT_ADDR": f"http://127.0.0.1:{self.server_port}",
            "VAULT_TOKEN": self.token,
            "PULUMI_OPTION_SECRETS_PROVIDER": PROVIDER,
        }

    def new_key(self) -> dict[str, str]:
        """What a stack file says of its secrets: the provider, and the key it has encrypted."""
        ciphertext = self.encrypted(base64.b64encode(secrets.token_bytes(32)).decode())
        encrypted = base64.b64encode(ciphertext.encode()).decode()
        return {"secretsprovider": PROVIDER, "encryptedkey": encrypted}


class Handler(BaseHTTPRequestHandler):
    server: Vault
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self.server.answer(self.path, self.headers["X-Vault-Token"], asked)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """It has nothing to say."""


@contextmanager
def started() -> Iterator[Vault]:
    with Vault() as vault:
        Thread(target=vault.serve_forever, daemon=True).start()
        yield vault
        vault.shutdown()
