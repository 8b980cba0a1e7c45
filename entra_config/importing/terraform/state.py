"""Read a state of Terraform or OpenTofu in one pass. All that is kept of it are the addresses and ids of
azuread resources, and digests of a few values; the rest is discarded where it is read, because a state
contains secrets.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from entra_config.errors import UsageError
from entra_config.importing.terraform import address, arguments
from entra_config.importing.terraform.address import Address
from entra_config.kinds.graph_values import nest

LARGEST = 512 * 2**20  # bytes
DEEPEST = 200  # levels of nesting
LONGEST = 64 * 2**20  # bytes of one text
MOST = 100_000  # values that are kept at a time
CHUNK = 2**16
SHOW = "terraform show -json > state.json` or `tofu show -json > state.json"

_TOKEN = re.compile(
    rb'[ \t\r\n]*+(?:([][{}:,])|"((?:[^"\\\x00-\x1f]++|\\.)*+)"|'
    rb"(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null))"
)
_UNFINISHED = re.compile(rb'[ \t\r\n]*+(?:"|[-0-9a-z.E+]{0,64}\Z)')

# What is kept of a value: a text or number, each item of a list, some keys of an object, or nothing.
TEXT, ANY = "text", "any"
Shape = Any


@dataclass(frozen=True, slots=True)
class Made:
    """What a function makes of a value, as soon as the value is read."""

    shape: Shape
    make: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a managed resource of the provider azuread."""

    address: Address
    id: str
    object_id: str = ""
    app_id: str = ""
    deposed: bool = False
    tainted: bool = False
    retained: bool = False  # OpenTofu never destroys it: `lifecycle { destroy = false }`
    secret: bool = False  # the state contains the value of a secret
    digests: Mapping[str, Any] = field(default_factory=dict)  # by attribute, nested as the attributes are


def digest(value: Any) -> str:
    """Return a digest that two values share if they differ in order, names of keys and empty parts alone."""
    return hashlib.sha256(json.dumps(_comparable(value)).encode()).hexdigest()


def _comparable(value: Any) -> Any:
    match value:
        case Mapping():
            return _comparable(list(value.values()))
        case list():
            items = [_comparable(item) for item in value if item not in (None, "", [], {}, False)]
            return sorted(items, key=json.dumps)
        case None | False:
            return ""
        case _:
            return value


def _in_lists(blocks: Mapping[str, Any]) -> dict[str, Shape]:
    """Return the shape of attributes: a state has a list where a configuration has a block."""
    return {name: [_in_lists(each)] if isinstance(each, dict) else each for name, each in blocks.items()}


_VALUE = Made(ANY, digest)
_IDS = Made([{"id": TEXT}], digest)
# Attributes of an application that are compared with the tenant.
_COMPARED: Mapping[str, Shape] = _in_lists(
    nest(
        dict.fromkeys((*arguments.APPLICATION, *arguments.REQUESTED), _VALUE)
        | dict.fromkeys(arguments.ENTRIES, _IDS)
    )
)
_ATTRIBUTES: Mapping[str, Shape] = {
    **_COMPARED,
    **dict.fromkeys(("id", "object_id", "application_id", "client_id"), TEXT),
    "password": Made([None], bool),
}
_SECRETS = re.compile(r"azuread_(application_password|service_principal_password|synchronization_secret)")


def _v4(resource: Mapping[str, Any] | None) -> list[Instance]:
    if not resource or not _is_kept(resource):
        return []
    module, type_, name = (str(resource.get(part) or "") for part in ("module", "type", "name"))
    found = []
    for each in resource.get("instances") or ():
        if each is None:
            continue
        made = address.join(module, type_, name, each.get("index_key"))
        tainted, retained = each.get("status") == "tainted", each.get("skip_destroy") is True
        attributes = each.get("attributes") or each.get("attributes_flat") or {}
        found.append(_instance(made, attributes, each.get("deposed"), tainted=tainted, retained=retained))
    return found


def _shown(resource: Mapping[str, Any] | None) -> list[Instance]:
    if not resource or not _is_kept(resource):
        return []
    made, tainted = address.parse(str(resource.get("address"))), resource.get("tainted") is True
    return [_instance(made, resource.get("values") or {}, resource.get("deposed_key"), tainted=tainted)]


def _is_kept(resource: Mapping[str, Any]) -> bool:
    return resource.get("mode") == "managed" and str(resource.get("type")).startswith("azuread_")


def _instance(
    made: Address | None,
    attributes: Mapping[str, Any],
    deposed: object,
    *,
    tainted: bool,
    retained: bool = False,
) -> Instance:
    if made is None:
        raise UsageError("the Terraform state has a resource whose address is not valid")
    texts = {name: value if isinstance(value := attributes.get(name), str) else "" for name in _ATTRIBUTES}
    # Up to 2.x `application_id` is the client id; in 3.x it is the application that a part belongs to.
    app_id = texts["client_id"] or texts["application_id"]
    secret = bool(_SECRETS.fullmatch(made.type)) or (
        made.type == "azuread_application" and attributes.get("password") is True
    )
    digests = {name: value for name, value in attributes.items() if name in _COMPARED}
    return Instance(
        made,
        texts["id"],
        texts["object_id"].lower(),
        app_id.lower(),
        bool(deposed),
        tainted,
        retained,
        secret,
        digests,
    )


_INSTANCE: Mapping[str, Shape] = {
    **dict.fromkeys(("index_key", "status", "deposed", "skip_destroy"), TEXT),
    "attributes": _ATTRIBUTES,
    "attributes_flat": _ATTRIBUTES,
}
_RESOURCE: Mapping[str, Shape] = {
    **dict.fromkeys(("module", "mode", "type", "name"), TEXT),
    "instances": [_INSTANCE],
}
_SHOWN: Mapping[str, Shape] = {
    **dict.fromkeys(("address", "mode", "type", "deposed_key", "tainted"), TEXT),
    "values": _ATTRIBUTES,
}
_MODULE: dict[str, Shape] = {"resources": [Made(_SHOWN, _shown)]}
_MODULE["child_modules"] = [_MODULE]
_IS_THERE = Made(None, lambda _: True)
_ROOT: Mapping[str, Shape] = {
    "version": TEXT,
    "format_version": TEXT,
    "resources": [Made(_RESOURCE, _v4)],
    "values": {"root_module": _MODULE},
    "encrypted_data": _IS_THERE,
    "planned_values": _IS_THERE,
}


def read(stream: BinaryIO, name: str) -> list[Instance]:
    """Return the instances of azuread resources that a state has; an error never quotes the state."""
    root = _Reader(stream, name).document(_ROOT)
    if not isinstance(root, dict):
        raise UsageError(f"{name} is not a Terraform state. Write one with `{SHOW}`")
    if root.get("encrypted_data"):
        raise UsageError(f"{name} is a state that OpenTofu encrypted. Decrypt it with `tofu show -json`")
    if root.get("planned_values"):
        raise UsageError(f"{name} is a plan, not a state. Write the state with `{SHOW}`")
    if root.get("version") == 4 and isinstance(root.get("resources"), list):
        return [each for instances in root["resources"] for each in instances]
    if root.get("format_version") and "version" not in root:
        return _walk((root.get("values") or {}).get("root_module"))
    raise UsageError(f"{name} is not a state that this version can read. Write one with `{SHOW}`")


def _walk(module: Mapping[str, Any] | None) -> list[Instance]:
    if module is None:
        return []
    own = [each for instances in module.get("resources") or () for each in instances]
    return own + [each for child in module.get("child_modules") or () for each in _walk(child)]


class _Reader:
    """Reads one JSON document from a stream; of the text it holds the token at hand and one chunk."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._buffer, self._at, self._offset, self._ended = b"", 0, 0, False
        self._kept = 0

    def document(self, shape: Shape) -> Any:
        """Return what the shape keeps of the document."""
        self._more()
        if self._buffer[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise UsageError(
                f"{self._name} is UTF-16, as `>` in PowerShell writes it. Write it as UTF-8: "
                "`terraform show -json | Out-File -Encoding utf8 state.json`"
            )
        self._at = 3 if self._buffer.startswith(b"\xef\xbb\xbf") else 0
        value = self._value(shape, self._next(), 0)
        while not self._ended:
            self._more()
        if self._buffer[self._at :].strip(b" \t\r\n"):
            raise self._error()
        return value

    def _value(self, shape: Shape, token: re.Match[bytes], depth: int) -> Any:
        if isinstance(shape, Made):
            before = self._kept
            made = shape.make(self._value(shape.shape, token, depth))
            self._kept = before
            return made
        if depth > DEEPEST:
            raise UsageError(f"{self._name} is nested deeper than {DEEPEST} levels at byte {self._position}")
        if token[1] == b"{":
            return self._object(shape, depth)
        if token[1] == b"[":
            return self._list(shape, depth)
        if token[1]:
            raise self._error()
        return self._scalar(token) if isinstance(shape, str) else None

    def _object(self, shape: Shape, depth: int) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        token = self._next()
        while token[1] != b"}":
            if token[2] is None or self._next()[1] != b":":
                raise self._error()
            key = self._scalar(token)
            below = ANY if shape == ANY else shape.get(key) if isinstance(shape, Mapping) else None
            value = self._value(below, self._next(), depth + 1)
            if below is not None:
                self._count()
                found[key] = value
            token = self._after_item(b"}")
        return found if shape == ANY or isinstance(shape, Mapping) else None

    def _list(self, shape: Shape, depth: int) -> list[Any] | None:
        below = ANY if shape == ANY else shape[0] if isinstance(shape, list) else None
        found = []
        token = self._next()
        while token[1] != b"]":
            value = self._value(below, token, depth + 1)
            if (shape == ANY or isinstance(shape, list)) and value not in (None, []):
                self._count()
                found.append(value)
            token = self._after_item(b"]")
        return found if shape == ANY or isinstance(shape, list) else None

    def _count(self) -> None:
        self._kept += 1
        if self._kept > MOST:
            raise UsageError(f"{self._name} has more than {MOST} values to compare at byte {self._position}")

    def _after_item(self, end: bytes) -> re.Match[bytes]:
        """Return the token that ends the object or list, or the first one of the next item."""
        token = self._next()
        if token[1] == b",":
            token = self._next()
            if token[1] == end:
                raise self._error()
        elif token[1] != end:
            raise self._error()
        return token

    def _scalar(self, token: re.Match[bytes]) -> Any:
        # The library's error quotes the text, and would be the context of an error raised in `except`.
        try:
            text = token[2]
            return json.loads(token[0]) if text is None or b"\\" in text else text.decode()
        except ValueError:
            pass
        raise self._error()

    def _next(self) -> re.Match[bytes]:
        while True:
            match = _TOKEN.match(self._buffer, self._at)
            if match and (match[3] is None or self._ended or match.end() < len(self._buffer)):
                self._at = match.end()
                return match
            if self._ended or not (match or _UNFINISHED.match(self._buffer, self._at)):
                raise self._error()
            self._more()

    def _more(self) -> None:
        """Read as much again as is not understood yet, so that a long text is looked at few times."""
        left = self._buffer[self._at :]
        if len(left) > LONGEST:
            raise UsageError(f"{self._name} has a text longer than {LONGEST} bytes at byte {self._position}")
        read = self._stream.read(max(CHUNK, len(left)))
        self._offset += self._at
        self._buffer, self._at, self._ended = left + read, 0, not read
        if self._offset + len(self._buffer) > LARGEST:
            raise UsageError(f"{self._name} is larger than {LARGEST // 2**20} MiB")

    @property
    def _position(self) -> int:
        return self._offset + self._at

    def _error(self) -> UsageError:
        if not self._position and not self._buffer:
            return UsageError(f"{self._name} is empty: write the state with `terraform show -json`")
        return UsageError(f"{self._name} is not valid JSON at byte {self._position}")
