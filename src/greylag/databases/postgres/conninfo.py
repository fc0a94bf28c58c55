"""Connection text taken apart into settings, URL and keyword form, by the rules of pgx and Go's net/url.

Every function that reads raises ValueError with Go's words for what is wrong.
"""

from __future__ import annotations

from greylag.model.quoting import quote

_SPACES = " \t\n\r\v\f"
_HEX = frozenset("0123456789abcdefABCDEF")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_USERINFO = _UNRESERVED | frozenset(":!$&'()*+,;=%@")
_IN_HOST = _UNRESERVED | frozenset("!$&'()*+,;=:[]<>\"")
_ALIASES = {"dbname": "database"}


def is_url(text: str) -> bool:
    """True for what pgx reads as a URL; the scheme's case counts."""
    return text.startswith(("postgres://", "postgresql://"))


def canonical(key: str) -> str:
    """pgx's name of a setting."""
    return _ALIASES.get(key, key)


def unescape(text: str, *, host: bool = False, plus: bool = False) -> str:
    """Percent-decoded ``text``; ``host``: only bytes beyond ASCII may be escaped; ``plus``: + is a blank."""
    out = bytearray()
    position = 0
    while position < len(text):
        char = text[position]
        if char == "%":
            digits = text[position + 1 : position + 3]
            if len(digits) < 2 or not _HEX.issuperset(digits):
                raise ValueError(f"invalid URL escape {quote(text[position : position + 3])}")
            if host and digits[0] < "8" and digits != "25":
                raise ValueError(f"invalid URL escape {quote('%' + digits)}")
            out.append(int(digits, 16))
            position += 3
            continue
        if host and char < "\x80" and char not in _IN_HOST:
            raise ValueError(f"invalid character {quote(char)} in host name")
        out += b" " if plus and char == "+" else char.encode("utf-8", "surrogateescape")
        position += 1
    return out.decode("utf-8", "surrogateescape")


def split_url(text: str) -> tuple[str, str, str, str]:
    """Scheme, authority, path and query of a URL, all still escaped; the fragment is dropped."""
    text, _, fragment = text.partition("#")
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError("net/url: invalid control character in URL")
    scheme, _, rest = text.partition("://")
    rest, _, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    unescape(fragment)
    return scheme, authority, slash + path, query


def _check_port(port: str) -> None:
    if port and not (port[0] == ":" and all("0" <= digit <= "9" for digit in port[1:])):
        raise ValueError(f"invalid port {quote(port)} after host")


def _read_hosts(text: str) -> str:
    bracket = text.rfind("[")
    if bracket > 0:
        raise ValueError("invalid IP-literal")
    if bracket == 0:
        closing = text.rfind("]")
        if closing < 0:
            raise ValueError("missing ']' in host")
        _check_port(text[closing + 1 :])
        literal = unescape(text[1:closing], host=True)
        if not is_address(literal):
            raise ValueError(f"invalid host: ParseAddr({quote(literal)}): unable to parse IP")
        if ":" not in literal:
            raise ValueError("invalid IP-literal")
    elif ":" in text:
        _check_port(text[text.rfind(":") :])
    return unescape(text, host=True)


def is_address(text: str) -> bool:
    """True for an IP address, with or without brackets or zone."""
    import _socket

    bare = text.strip("[]").partition("%")[0]
    for family in (_socket.AF_INET, _socket.AF_INET6):
        try:
            _socket.inet_pton(family, bare)
        except (OSError, ValueError):
            continue
        return True
    return False


def _host_and_port(text: str) -> tuple[str, str]:
    if ":" not in text or is_address(text):
        return text.strip("[]"), ""
    host, _, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], port
    if ":" in host:
        raise ValueError(
            f"failed to split host:port in '{text}', err: address {text}: too many colons in address"
        )
    return host, port


def read_url(text: str) -> dict[str, str]:
    """The settings of a URL; a query parameter wins over the same setting in front of it."""
    _, authority, path, query = split_url(text)
    userinfo, at, host = authority.rpartition("@")
    try:
        hosts = _read_hosts(host)
    except ValueError:
        if at or "@" not in text:
            raise
        # a bare "/", "?" or "#" in the password: what stands where a port would is its head
        raise ValueError('invalid port ":xxxxx" after host') from None
    settings: dict[str, str] = {}
    if at:
        if not _IN_USERINFO.issuperset(userinfo):
            raise ValueError("net/url: invalid userinfo")
        name, colon, password = userinfo.partition(":")
        if user := unescape(name):
            settings["user"] = user
        if colon:
            settings["password"] = unescape(password)
    pairs = [_host_and_port(part) for part in hosts.split(",") if part]
    for key, values in (("host", [name for name, _ in pairs]), ("port", [port for _, port in pairs])):
        if found := [value for value in values if value]:
            settings[key] = ",".join(found)
    if database := unescape(path).lstrip("/"):
        settings["database"] = database
    return settings | _read_query(query)


def _read_query(query: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for part in query.split("&"):
        if not part or ";" in part:
            continue
        key, _, value = part.partition("=")
        try:
            key, value = unescape(key, plus=True), unescape(value, plus=True)
        except ValueError:
            continue  # Go's URL.Query drops what it cannot read
        settings.setdefault(canonical(key), value)
    return settings


def read_keywords(text: str) -> dict[str, str]:
    """The settings of ``keyword=value`` text."""
    settings: dict[str, str] = {}
    text = text.lstrip(_SPACES)
    while text:
        key, equals, text = text.partition("=")
        key, text = canonical(key.strip(_SPACES)), text.lstrip(_SPACES)
        if not equals:
            raise ValueError("invalid keyword/value")
        value, text = _read_quoted(text[1:]) if text[:1] == "'" else _read_bare(text)
        text = text.lstrip(_SPACES)
        if not key:
            raise ValueError("invalid keyword/value")
        if key != "user" or value:
            settings[key] = value
    return settings


def _unbackslash(value: str) -> str:
    return value.replace("\\\\", "\\").replace("\\'", "'")


def _read_bare(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] not in _SPACES:
        if text[end] == "\\":
            end += 1
            if end == len(text):
                raise ValueError("invalid backslash")
        end += 1
    return _unbackslash(text[:end]), text[end:]


def _read_quoted(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] != "'":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise ValueError("unterminated quoted string in connection info string")
    return _unbackslash(text[:end]), text[end + 1 :]


def redact(text: str) -> str:
    """Connection text with its password replaced as pgx does it, and where pgx would show one, that too."""
    import re  # only errors come here

    if is_url(text):
        try:
            scheme, authority, path, query = split_url(text)
            read_url(text)
        except ValueError:
            pass
        else:
            userinfo, at, host = authority.rpartition("@")
            name, colon, _ = userinfo.partition(":")
            shown = name + (":xxxxx" if colon else "") + at + host + path + ("?" + query if query else "")
            return re.sub(r"([?&](?:ssl)?password=)[^&#]*", r"\1xxxxx", f"{scheme}://{shown}")
    text = re.sub(r"password\s*=\s*'(?:[^'\\]|\\.)*'?", "password=xxxxx", text)
    text = re.sub(r"password\s*=\s*(?:[^\s\\']|\\.)(?:[^\s\\]|\\.)*", "password=xxxxx", text)
    text = re.sub(r"(://[^:/@\s]*):\S*@", r"\1:xxxxxx@", text)
    return re.sub(r":[^:@]+?@", ":xxxxxx@", text)
