"""Who asks: an account, links, or nobody; and how little of them is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from ptce_store.errors import AccountsOff, Refused

#: Bytes of chance in a link: 256 bits.
_TOKEN_BYTES: Final = 32
_WRITE, _READ, _INVITE = "w_", "r_", "i_"
_TOKEN: Final = re.compile(r"[wri]_[A-Za-z0-9_-]{43}")
MIN_KEY: Final = 32
MAX_LINKS: Final = 20


@dataclass(frozen=True)
class Account:
    """Somebody as their OIDC provider names them; never stored as such, never printed."""

    issuer: str = field(repr=False)
    subject: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what misses: everybody whom a provider does not name would be the same person."""
        if not all(isinstance(part, str) and part for part in (self.issuer, self.subject)):
            raise Refused("le compte", "un émetteur et un identifiant")


@dataclass(frozen=True)
class Reader:
    """Who is asking: an account, the links that they hold, both, or nobody. Printing it tells no secret."""

    account: Account | None = field(default=None, repr=False)
    links: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of_link(cls, *links: str) -> Reader:
        """A reader who holds links and has no account."""
        return cls(links=links)

    @classmethod
    def of_account(cls, issuer: str, subject: str) -> Reader:
        """A reader whom an OIDC provider has named (`iss` and `sub` of the token). Raises Refused."""
        return cls(account=Account(issuer, subject))

    def with_links(self, *links: str) -> Reader:
        """The same reader, holding these links too."""
        return Reader(self.account, (*self.links, *links))

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """What is compared with the store: one SHA-256 per well-formed link, of the last MAX_LINKS."""
        return tuple(hashed(link) for link in self.links[-MAX_LINKS:] if is_token(link))


#: Who has neither account nor link.
NOBODY: Final = Reader()


@dataclass(frozen=True)
class Links:
    """The links of a space, shown once: `write` does everything, `read` only reads. Keep out of logs."""

    write: str = field(repr=False)
    read: str = field(repr=False)


def new_links() -> Links:
    """Return a new pair: the reading link is derived from the writing one, never the other way."""
    write = _WRITE + secrets.token_urlsafe(_TOKEN_BYTES)
    return Links(write, read_link(write))


def read_link(write: str) -> str:
    """Return the link that reads the space of a writing link (a keyed hash of it: no way back)."""
    mac = hmac.new(write.encode(), b"atlas-ptce/lecture/1", hashlib.sha256).digest()
    return _READ + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def new_invitation() -> str:
    """Return the secret of an invitation."""
    return _INVITE + secrets.token_urlsafe(_TOKEN_BYTES)


def is_token(text: object) -> bool:
    """Tell whether `text` is formed like a link or an invitation."""
    return isinstance(text, str) and _TOKEN.fullmatch(text) is not None


def hashed(token: str) -> bytes:
    """Return what is stored of a token: 256 bits of chance need no salt."""
    return hashlib.sha256(token.encode()).digest()


def same(left: bytes | None, right: bytes | None) -> bool:
    """Compare two hashes in constant time; nothing equals nothing."""
    return left is not None and right is not None and hmac.compare_digest(bytes(left), bytes(right))


def account_hash(key: bytes | None, account: Account) -> bytes:
    """Return the keyed hash under which an account is known. Raises AccountsOff without a sound key."""
    if key is None or len(key) < MIN_KEY:
        raise AccountsOff
    # Lengths first, so that no two pairs make the same bytes.
    issuer, subject = (
        account.issuer.encode("utf-8", "surrogatepass"),
        account.subject.encode("utf-8", "surrogatepass"),
    )
    return hmac.new(key, b"%d:%s%s" % (len(issuer), issuer, subject), hashlib.sha256).digest()


def key_check(key: bytes) -> str:
    """Return what tells a key from another without telling the key."""
    return hmac.new(key, b"atlas-ptce/cle/1", hashlib.sha256).hexdigest()
