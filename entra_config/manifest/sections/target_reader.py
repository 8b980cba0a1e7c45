"""The node of `settings:` in, Targets out; each path, URL and name in it checked against the applications."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from entra_config.characters import invisible
from entra_config.errors import Position
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.settings import BY_SECTION, REQUEST, SETTINGS
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Entry, Map, Node, is_null, to_data
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import alb, allowed_tenants, httpd, mcp, stacks, target_operations, webs
from entra_config.manifest.sections.allowed_tenants import ALLOWED
from entra_config.manifest.sections.declared_applications import DeclaredApplications
from entra_config.manifest.targets import (
    SECTIONS,
    TARGETS,
    ApiRequest,
    App,
    File,
    Operation,
    Section,
    Target,
    Targets,
)
from entra_config.resource import references

REDIRECT_PAGE = "/redirect.html"
DOCS_REDIRECT = "/docs/oauth2-redirect.html"
# An absolute path with or without a query, by RFC 3986.
_REQUEST_PATH = re.compile(
    r"/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*)?",
    re.ASCII | re.IGNORECASE,
)


def read(
    node: Node | None, directory: DeclaredApplications, excluded: Collection[str], tenant_id: str
) -> Targets:
    """Read `settings`; what is about applications that this environment leaves out is left out."""
    return _Reader(directory, excluded, tenant_id).targets(node)


class _Reader:
    def __init__(self, directory: DeclaredApplications, excluded: Collection[str], tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._reader: Reader = directory.reader
        self._own = directory.own
        self._excluded = excluded

    def targets(self, node: Node | None) -> Targets:
        reader = self._reader
        settings = bind(node, "settings", SETTINGS, reader, but=SECTIONS)
        folder = settings["folder"] or ""
        if folder and (wrong := _unreadable(folder) or _outside(folder)):
            reader.problems.add(settings.where("folder"), f"`folder`: `{folder}` {wrong}")
        apps: list[App] = []
        for section in SECTIONS:
            declared = reader.map(settings.node(section), f"settings.{section}")
            apps += [
                app
                for entry in declared.entries.values()
                if (app := self._app(section, entry, apps)) is not None
            ]
        self._check_doubles(apps)
        files = chain.from_iterable(app.files for app in apps)
        if not folder and (file := next((each for each in files if _half(each) == "values"), None)):
            reader.problems.add(
                file.position,
                f"`{file.target}` is a value of the tenant: `settings.folder` says where it goes",
            )
        return Targets(folder, tuple(apps))

    def _app(self, section: Section, entry: Entry, apis: list[App]) -> App | None:
        reader, key = self._reader, entry.key
        if is_null(entry.node):
            return None
        if key not in self._own:
            if key not in self._excluded:
                message = f"`{key}` is not an application here.{near(key, self._own)}"
                reader.problems.add(entry.position, message)
            return None
        own, what = self._own[key], f"settings.{section}.{key}"
        record = BY_SECTION[section]
        fields = bind(entry.node, what, record, reader, noun=f"`{what}`", but=[ALLOWED])
        targets = {target.key: target for target in TARGETS if target.section == section}
        if "url" not in fields:
            reader.problems.add(entry.position, f"`url` of `{what}` is missing: where it answers")
        url = self._url(fields.node("url"), "url")
        files = tuple(
            self._file(targets[name], fields[name], file.node.position)
            for name, file in fields.map.entries.items()
            if name in targets and fields[name] is not None
        )
        mcp.check_metadata(own, files, reader)
        if section != "apis":
            api = self._api(section, fields, entry, [app.key for app in apis if app.section == "apis"])
            if api is None:
                return None
            check = self._check_page if section == "spas" else self._check_web
            check(own, url, entry, files)
            self._check_scopes(own, api, entry, files)
            called = next(each for each in apis if each.key == api)
            found = App(key, section, url, files, api=api, position=entry.position)
            self._check_stack(found, called)
            self._report(files, "httpd", lambda: httpd.wrong_page(own, url, called, self._own[api]))
            self._report(files, "alb", lambda: alb.wrong(own, url, called, self._own[api]))
            return found
        operations = tuple(target_operations.read(fields["operations"], own, reader))
        requests = _read_requests(fields["requests"], own, operations, reader)
        found = App(
            key,
            section,
            url,
            files,
            allowed_origins=tuple(self._origins(fields["allowedOrigins"])),
            allowed_tenants=allowed_tenants.read(fields.node(ALLOWED), own, self._tenant_id, reader),
            docs_client=self._docs_client(fields, url),
            jwt_validation=fields["jwtValidation"] or False,
            operations=operations,
            requests=tuple(requests),
            position=entry.position,
        )
        self._report(files, "httpd", lambda: httpd.wrong_api(found, own))
        return found

    def _file(self, target: Target, path: str, where: Position) -> File:
        pure = PurePosixPath(path)
        wrong = _unreadable(path)
        if not wrong:
            wrong = (
                _outside(path)
                if target.half == "source"
                else ""
                if path == pure.name
                else "is more than the name of a file"
            )
        if not wrong and not path.endswith(target.suffix):
            wrong = f"does not end in `{target.suffix}`"
        if wrong:
            self._reader.problems.add(where, f"`{target.key}`: `{path}` {wrong}")
        return File(target.key, path, where)

    def _url(self, node: Node | None, what: str) -> str:
        value = self._reader.text(node, what)
        if value is None:
            return ""
        try:
            parts = urlsplit(value)
            local = parts.hostname in {"localhost", "127.0.0.1"}
            _ = parts.port  # reading it is what checks it
        except ValueError:
            parts, local = urlsplit(""), False
        held = not (parts.query or parts.fragment or parts.username or parts.password) and bool(
            parts.hostname
        )
        secure = parts.scheme == "https" or (parts.scheme == "http" and local)
        if not (held and secure) or any(mark in value for mark in " '\"\\\n"):
            assert node is not None
            self._reader.problems.add(
                node.position, f"`{what}`: `{value}` is not an https URL (http only on localhost)"
            )
            return ""
        return value.rstrip("/")

    def _origins(self, items: Iterable[Node]) -> Iterator[str]:
        for item in items:
            url = self._url(item, "allowedOrigins")
            if url and urlsplit(url).path:
                self._reader.problems.add(item.position, f"`allowedOrigins`: `{url}` is more than an origin")
            if url:
                yield url

    def _api(self, section: Section, fields: Bound, entry: Entry, apis: list[str]) -> str | None:
        reader = self._reader
        api = reader.required(fields.map, "api", f"settings.{section}.{entry.key}")
        if not api or api in self._excluded:
            return None
        if api not in apis:
            reader.problems.add(
                fields.where("api"), f"`api`: `{api}` has no `settings.apis` of its own.{near(api, apis)}"
            )
            return None
        return api

    def _check_page(self, spa: Application, url: str, entry: Entry, files: tuple[File, ...]) -> None:
        page = f"{url}{REDIRECT_PAGE}"
        signs_in = any(file.target == "config" for file in files)
        if signs_in and url and page not in spa.settings["spa.redirectUris"].value:
            message = f"`{page}`, where sign-in comes back, is no `spa` redirect URI of `{spa.key}`"
            self._reader.problems.add(entry.position, message)

    def _check_web(self, web: Application, url: str, entry: Entry, files: tuple[File, ...]) -> None:
        named = {file.target for file in files}
        # The page's `config.json` is the same where httpd or a load balancer signs in, by rules of their own.
        others = named & {"alb", "httpd"}
        signs_in = "dotenv" in named or (bool(named & {"config", "awsStack"}) and not others)
        for wrong in webs.wrong(web, url) if signs_in else ():
            self._reader.problems.add(entry.position, wrong)

    def _check_scopes(self, client: Application, api: str, entry: Entry, files: tuple[File, ...]) -> None:
        permission = client.api_permissions.get(api)
        signs_in = any(file.target in {"alb", "config", "dotenv", "awsStack", "httpd"} for file in files)
        if signs_in and (permission is None or not permission.delegated):
            self._reader.problems.add(
                entry.position,
                f"`{client.key}` asks for no scope of `{api}`: list some in its `apiPermissions`",
            )

    def _check_stack(self, app: App, api: App) -> None:
        own = self._own
        self._report(app.files, "awsStack", lambda: stacks.wrong(app, own[app.key], api, own[api.key]))

    def _report(self, files: tuple[File, ...], target: str, wrong: Callable[[], Iterator[str]]) -> None:
        file = next((each for each in files if each.target == target), None)
        for said in wrong() if file else ():
            assert file is not None
            self._reader.problems.add(file.position, said)

    def _docs_client(self, fields: Bound, url: str) -> str | None:
        key: str | None = fields["docsClient"]
        if key is None or key in self._excluded:
            return None
        where = fields.where("docsClient")
        if key not in self._own:
            self._reader.problems.add(where, f"`docsClient`: no application `{key}`.{near(key, self._own)}")
            return None
        if f"{url}{DOCS_REDIRECT}" not in self._own[key].settings["spa.redirectUris"].value:
            message = f"`docsClient`: `{key}` lacks the `spa` redirect URI `{url}{DOCS_REDIRECT}`"
            self._reader.problems.add(where, message)
        return key

    def _check_doubles(self, apps: list[App]) -> None:
        seen: dict[tuple[str, str], File] = {}
        for file in (file for app in apps for file in app.files):
            # Where file systems pass over case, two such names are one file.
            where = (_half(file), str(PurePosixPath(file.path)).casefold())
            if where in seen:
                message = (
                    f"`{file.target}`: `{file.path}` is written by the target at {seen[where].position} too"
                )
                self._reader.problems.add(file.position, message)
            seen[where] = file


def _half(file: File) -> str:
    return next(target.half for target in TARGETS if target.key == file.target)


def _unreadable(path: str) -> str:
    """Say what is wrong with a path's letters: whoever reads it in a review or a log must see it as what
    it is, on any system.
    """
    if any(map(invisible, path)):
        return "holds what cannot be seen"
    return "holds a colon: elsewhere that is a drive or a stream" if ":" in path else ""


def _outside(path: str) -> str:
    """Say what is wrong with a path: whoever may change the manifest must not choose any file of a
    deployer's machine.
    """
    parts = PurePosixPath(path).parts
    inner = parts[1:] if parts[:1] == ("..",) else parts
    if path.startswith("/") or "\\" in path or ".." in inner:
        return "leads out: write it relative to the root file, and no higher than the folder above it"
    if not inner or any(part.startswith(".") for part in inner):
        return "names a hidden file or folder, or none"
    return ""


def _read_requests(
    declared: Map, api: Application, operations: Sequence[Operation], reader: Reader
) -> Iterator[ApiRequest]:
    """Yield the requests of one API."""
    for name, entry in declared.entries.items():
        fields = bind(entry.node, name, REQUEST, reader, needed_by=f"request `{name}`")
        path = fields["path"] or ""
        if path and not _is_below_url(path):
            message = (
                f"`path`: `{path}` is not a path below `url`, such as /records; other characters are "
                "percent-encoded"
            )
            reader.problems.add(fields.where("path"), message)
        needs = _request_needs(fields, api, operations, reader)
        yield ApiRequest(
            name,
            path,
            fields["method"] or "GET",
            needs.scopes,
            needs.any_scope,
            needs.roles,
            needs.application_roles if needs.scopes or "applicationRoles" in fields else None,
            _request_body(fields["body"], reader),
            fields["status"] or 200,
        )


def _request_needs(
    fields: Bound, api: Application, operations: Sequence[Operation], reader: Reader
) -> Operation:
    """Return what a request needs: as its operation says, or as it says itself."""
    name = fields["operation"]
    if name is None:
        roles = target_operations.roles_of(api)
        return Operation(
            "",
            target_operations.values(fields, "scopes", target_operations.scopes_of(api), api, reader),
            roles=target_operations.values(fields, "roles", roles, api, reader),
            application_roles=target_operations.values(fields, "applicationRoles", roles, api, reader),
        )
    for key in ("scopes", "roles", "applicationRoles"):
        if key in fields:
            reader.problems.add(fields.where(key), f"`{key}`: the operation `{name}` says it; leave it out")
    known = {each.name: each for each in operations}
    if name not in known:
        message = f"`operation`: `{api.key}` has no `{name}` in its `operations`.{near(name, known)}"
        reader.problems.add(fields.where("operation"), message)
    return known.get(name, Operation(name))


def _request_body(node: Node | None, reader: Reader) -> Any:
    value = None if node is None else to_data(node)
    if node is not None and any(references(value)):
        reader.problems.add(node.position, "`body`: an appId is not known yet and cannot stand here")
        return None
    return value


def _is_below_url(path: str) -> bool:
    segments = path.partition("?")[0].lower().replace("%2e", ".").split("/")
    return _REQUEST_PATH.fullmatch(path) is not None and not {".", ".."} & set(segments)
