"""The Google Cloud that the environment names, reached as the provider's arguments say."""

import json
import os
from functools import partial
from pathlib import Path
from typing import Any

from lab.clouds.base.cloud import Cloud, Function
from lab.clouds.base.kind import CloudError, Kind
from lab.clouds.base.values import UNKNOWN, Inputs

ENDPOINTS = {
    "storage": "GOOGLE_STORAGE_CUSTOM_ENDPOINT",
    "iam": "GOOGLE_IAM_CUSTOM_ENDPOINT",
    "kms": "GOOGLE_KMS_CUSTOM_ENDPOINT",
    "projects": "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT",
}
"""The environment of the real plugin (terraform-provider-google, transport/config.go)."""
CREDENTIALS = ("GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS")
ATTRIBUTION = "goog-pulumi-provisioned"


class Answered(CloudError):
    """Google refuses."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"googleapi: Error {code}: {message}")
        self.code = code


class Google(Cloud):
    package = "gcp"
    title = "Google Cloud"
    settings = frozenset(
        {
            "addPulumiAttributionLabel",
            "credentials",
            "defaultLabels",
            "project",
            "region",
            "version",
            "zone",
        }
    )

    def __init__(self) -> None:
        from lab.clouds.google import accounts, kms, lookups, storage

        kinds = [each(self) for module in (storage, accounts, kms) for each in module.KINDS]
        self.kinds: dict[str, Kind] = {each.token: each for each in kinds}
        self.functions: dict[str, Function] = {
            token: partial(function, self) for token, function in lookups.FUNCTIONS.items()
        }
        self.project = ""
        self.default_labels: dict[str, str] = {}
        self._session: Any = None

    def configure(self, settings: Inputs) -> None:
        given = {key: value for key, value in settings.items() if value != UNKNOWN}
        self.project = given.get("project") or os.environ.get("GOOGLE_PROJECT", "")
        labels = given.get("defaultLabels") or "{}"
        self.default_labels = json.loads(labels) if isinstance(labels, str) else dict(labels)
        if given.get("addPulumiAttributionLabel") in (None, True, "true"):
            # The real plugin's own, of everything it makes, unless it is told not to.
            self.default_labels[ATTRIBUTION] = "true"
        missing = [name for name in ENDPOINTS.values() if not os.environ.get(name)]
        if missing:
            raise CloudError(
                f"{', '.join(missing)}: not set. This plays the Google Cloud plugin on a lab and "
                "never reaches Google itself. Take it off PATH, or run on a lab"
            )
        self._session = self._login(given.get("credentials"))

    def call(
        self, service: str, method: str, path: str, body: Any = None, **parameters: str
    ) -> dict[str, Any]:
        """Raises `Answered` if Google refuses."""
        import requests
        from google.auth.exceptions import GoogleAuthError

        url = f"{os.environ[ENDPOINTS[service]]}{path}"
        try:
            answer = self._session.request(method, url, params=parameters, json=body)
        except (requests.RequestException, GoogleAuthError) as error:
            raise CloudError(f"Google was not reached: {type(error).__name__}: {error}") from None
        if answer.status_code >= 400:
            try:
                message = answer.json()["error"]["message"]
            except (ValueError, LookupError):
                message = answer.reason
            raise Answered(answer.status_code, message)
        return answer.json() if answer.content else {}

    def found(self, service: str, path: str, **parameters: str) -> dict[str, Any] | None:
        """What is there; None if Google says that there is none."""
        try:
            return self.call(service, "GET", path, **parameters)
        except Answered as answered:
            if answered.code == 404:
                return None
            raise

    def _login(self, given: Any) -> Any:
        """As the real plugin: the argument, then the environment; content or a file."""
        from urllib.parse import urlsplit

        from lab.clouds.google.session import session

        named = [given, *(os.environ.get(each) for each in CREDENTIALS)]
        text = next((each for each in named if each), None)
        if text is None:
            raise CloudError(
                "google: could not find default credentials: set GOOGLE_APPLICATION_CREDENTIALS"
            )
        try:
            keyfile = json.loads(text if text.lstrip().startswith("{") else Path(text).read_text())
        except (OSError, ValueError) as error:
            raise CloudError(
                f"credentials: neither JSON nor a file: {type(error).__name__}"
            ) from None
        parts = urlsplit(os.environ[ENDPOINTS["iam"]])
        return session(keyfile, f"{parts.scheme}://{parts.netloc}", os.environ["SSL_CERT_FILE"])
