"""URLs as clickhouse-go takes them apart: Go's rules, but with several hosts between commas."""

from __future__ import annotations

from greylag.model.quoting import quote
from greylag.model.records import NamedTuple

_HEX = frozenset("0123456789abcdefABCDEF")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLAIN = _LETTERS | frozenset("0123456789-_.~")
_IN_USERINFO = _PLAIN | frozenset("!$&'()*+,;=:%@")
_IN_HOST = _PLAIN | frozenset("!$&'()*+,;=:[]<>\"")
_IN_SCHEME = _LETTERS | frozenset("0123456789+-.")


class Url(NamedTuple):
    """The parts of a URL, escapes taken out; ``user`` is None where the URL names none."""

    scheme: str
    user: str | None
    password: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]


def read_url(text: str) -> Url:
    """Take a URL apart. Raises ValueError with the reason in Go's words."""
    text, _, fragment = text.partition("#")
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    scheme, rest = _split_scheme(text)
    rest, _, query = rest.partition("?")
    user, password, host = None, "", ""
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, None, "", "", "", read_query(query))
        if ":" in rest.partition("/")[0]:
            raise ValueError("first path segment in URL cannot contain colon")
    elif rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        user, password, host = _read_authority(authority)
    path = unescape(rest)
    unescape(fragment)
    return Url(scheme, user, password, host, path, read_query(query))


def read_query(query: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a query in order; as in Go, what cannot be read is left out."""
    pairs = []
    for pair in query.split("&"):
        if not pair or ";" in pair:
            continue
        name, _, value = pair.partition("=")
        try:
            pairs.append((unescape(name, plus=True), unescape(value, plus=True)))
        except ValueError:
            continue
    return tuple(pairs)


def unescape(text: str, *, host: bool = False, plus: bool = False) -> str:
    """Percent-decoded ``text``; ``host``: only bytes beyond ASCII may be escaped; ``plus``: + is a blank."""
    if host and (odd := next((char for char in text if char < "\x80" and char not in _IN_HOST | {"%"}), "")):
        raise ValueError(f"invalid character {quote(odd)} in host name")
    head, *rest = (text.replace("+", " ") if plus else text).split("%")
    done = bytearray(head.encode("utf-8", "surrogateescape"))
    for part in rest:
        digits = part[:2]
        if len(digits) < 2 or not _HEX.issuperset(digits):
            raise ValueError(f"invalid URL escape {quote('%' + digits)}")
        if host and digits[0] < "8" and digits != "25":
            raise ValueError(f"invalid URL escape {quote('%' + digits)}")
        done.append(int(digits, 16))
        done += part[2:].encode("utf-8", "surrogateescape")
    return done.decode("utf-8", "surrogateescape")


def escape(text: str, kept: str = "") -> str:
    """``text`` with percent signs for all but letters, digits, ``-_.~`` and the characters of ``kept``."""
    return "".join(
        char if char in _PLAIN or char in kept else "".join(f"%{byte:02X}" for byte in _bytes(char))
        for char in text
    )


def escape_user(text: str) -> str:
    """A user's name as Go writes it in front of a host."""
    return escape(text, "$&+,;=")


def escape_path(text: str) -> str:
    """A path as Go writes it behind a host."""
    return escape(text, "$&+,/:;=@")


def write_query(pairs: dict[str, str]) -> str:
    """A query with its names in order, as Go's url.Values writes it."""
    return "&".join(f"{_escape_pair(name)}={_escape_pair(pairs[name])}" for name in sorted(pairs))


def _escape_pair(text: str) -> str:
    return escape(text, " ").replace(" ", "+")


def _bytes(char: str) -> bytes:
    return char.encode("utf-8", "surrogateescape")


def _split_scheme(text: str) -> tuple[str, str]:
    scheme, colon, rest = text.partition(":")
    if not colon or not _IN_SCHEME.issuperset(scheme) or (scheme and scheme[0] not in _LETTERS):
        return "", text
    if not scheme:
        raise ValueError("missing protocol scheme")
    return scheme.lower(), rest


def _read_authority(text: str) -> tuple[str | None, str, str]:
    userinfo, at, host = text.rpartition("@")
    host = _read_host(host)
    if not at:
        return None, "", host
    if not _IN_USERINFO.issuperset(userinfo):
        raise ValueError("net/url: invalid userinfo")
    user, _, password = userinfo.partition(":")
    return unescape(user), unescape(password), host


def _read_host(text: str) -> str:
    start = text.rfind("[")
    if start < 0:
        if ":" in text:
            _check_port(text[text.rfind(":") :])
        return unescape(text, host=True)
    end = text.rfind("]")
    if end < 0:
        raise ValueError("missing ']' in host")
    _check_port(text[end + 1 :])
    literal = unescape(text[start + 1 : end], host=True)
    _check_literal(literal)
    # what stands in front of the bracket is lost there too: an IPv6 address can only be the one host
    return f"[{literal}]{text[end + 1 :]}"


def _check_port(port: str) -> None:
    if port and not (port[0] == ":" and all("0" <= digit <= "9" for digit in port[1:])):
        raise ValueError(f"invalid port {quote(port)} after host")


def _check_literal(text: str) -> None:
    import _socket

    try:
        _socket.inet_pton(_socket.AF_INET6, text.partition("%")[0])
    except (OSError, ValueError):
        if ":" not in text and text.replace(".", "").isdigit():
            raise ValueError("invalid IP-literal") from None
        raise ValueError(f"invalid host: ParseAddr({quote(text)}): unable to parse IP") from None
