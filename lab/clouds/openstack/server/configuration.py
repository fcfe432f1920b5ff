"""The configuration of Keystone."""

from pathlib import Path

from lab.clouds.openstack.names import KEYSTONE

KEYS = ("fernet-keys", "credential-keys")
DATABASE = "keystone.db"


def write(directory: Path) -> Path:
    """In a folder that has, or gets, its database and its keys. Passwords are hashed as cheaply as
    Keystone lets them be."""
    file = directory / "keystone.conf"
    fernet, credential = (directory / each for each in KEYS)
    file.write_text(
        f"""[DEFAULT]
public_endpoint = https://{KEYSTONE}
[database]
connection = sqlite:///{directory / DATABASE}
[token]
provider = fernet
[fernet_tokens]
key_repository = {fernet}
[credential]
key_repository = {credential}
[cache]
enabled = true
backend = oslo_cache.dict
[identity]
password_hash_rounds = 4
"""
    )
    return file
