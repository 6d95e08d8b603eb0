"""Putting an actor together: profile, place in the role tree, teams, sharing rules; all in a handful of queries."""

from __future__ import annotations

from typing import Any

from core.api import Actor, Env, Profile, Reach

REGIONS = {"Asia/Tehran": "IR", "Europe/Istanbul": "TR"}
WEEK_STARTS = {"fa": 5, "tr": 0, "en": 0}


def load_actor(env: Env, user_id: int) -> Actor | None:
    """The complete actor of an active user, or None."""
    user = env.query("base.user").with_ids([user_id]).archived(None).first(
        "name", "login", "active", "is_super", "profile", "extra_sets", "role", "companies", "language", "time_zone",
        "calendar", "digits", "theme", "density", "toman")
    if user is None or not user.active:
        return None
    people = env.query("base.user").archived(None).select("role").order("id").rows()
    roles = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query("base.role").select("parent").rows()}
    teams = env.query("base.team").select("members").rows()
    team_ids = tuple(t["id"] for t in teams if any(m.id == user_id for m in t["members"]))
    role = user.role.id if user.role else None
    above = _above(roles, role)
    below = _below(roles, role)
    subordinates = tuple(p["id"] for p in people if p["role"] and p["role"].id in below)
    principals = _principals(user_id, role, above, team_ids)
    defaults = {d["record_type"]: d for d in env.query("base.access_default").select("record_type", "access", "role_tree").rows()}
    members = _Members(people, roles, teams)
    return Actor(
        id=user_id, name=user.name, login=user.login, is_super=user.is_super, profile=_profile(env, user),
        role_ids=(role,) if role else (), team_ids=team_ids, company_ids=tuple(c.id for c in user.companies),
        subordinate_ids=subordinates, principals=principals,
        defaults={name: d["access"] for name, d in defaults.items()},
        reach=_reach(env, principals, subordinates, defaults, members), lang=user.language, tz=user.time_zone,
        calendar=user.calendar, digits=user.digits,
        region=REGIONS.get(user.time_zone, env.installation.settings.locale.country),
        week_start=WEEK_STARTS.get(user.language, 0),
        settings={"theme": user.theme, "density": user.density, "toman": user.toman,
                  "currency": _currency(env, tuple(c.id for c in user.companies))})


def _currency(env: Env, companies: tuple[int, ...]) -> str | None:
    """The code of the base currency of a person's first company, else of the first company there is."""
    query = env.query("base.company").order("id").select("currency")
    found = (query.with_ids(companies[:1]) if companies else query).rows(limit=1)
    return found[0]["currency"].label if found and found[0]["currency"] else None


def _profile(env: Env, user: Any) -> Profile:
    extra = frozenset(user.extra_sets or ())
    if user.profile is None:
        return Profile(sets=extra | {"base.user"})
    p = env.get("base.profile", user.profile.id)
    return Profile(id=p.id, name=p.name, sets=frozenset(p.sets or ()) | extra | {"base.user"}, records=p.record_rights or {},
                   fields=p.field_rights or {}, areas=frozenset(p.areas or ()))


def _above(roles: dict[int, int | None], role: int | None) -> list[int]:
    """A role and those over it."""
    found: list[int] = []
    while role is not None and role not in found:
        found.append(role)
        role = roles.get(role)
    return found


def _below(roles: dict[int, int | None], role: int | None) -> set[int]:
    """The roles under a role, without itself."""
    found: set[int] = set()
    todo = [r for r, parent in roles.items() if role is not None and parent == role]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend(r for r, parent in roles.items() if parent == one)
    return found


def _principals(user_id: int, role: int | None, above: list[int], teams: tuple[int, ...]) -> tuple[str, ...]:
    own = [f"user:{user_id}"] + ([f"role:{role}"] if role else [])
    return tuple(own + [f"below:{r}" for r in above] + [f"team:{t}" for t in teams])


class _Members:
    """Which users a principal stands for."""

    def __init__(self, people: list[dict[str, Any]], roles: dict[int, int | None], teams: list[dict[str, Any]]) -> None:
        self._people, self._roles = people, roles
        self._teams = {t["id"]: [m.id for m in t["members"]] for t in teams}

    def of(self, principal: str) -> list[int]:
        kind, _colon, number = principal.partition(":")
        key = int(number)
        if kind == "user":
            return [key]
        if kind == "team":
            return self._teams.get(key, [])
        wanted = {key} | (_below(self._roles, key) if kind == "below" else set())
        return [p["id"] for p in self._people if p["role"] and p["role"].id in wanted]


def members_of(env: Env, principal: str) -> list[int]:
    """The users a principal ("user:5", "role:3", "below:3", "team:2") stands for; [] for one that is not understood."""
    kind, _colon, number = principal.partition(":")
    if kind not in ("user", "role", "below", "team") or not number.isdigit():
        return []
    people = env.query("base.user").archived(None).select("role").order("id").rows()
    roles = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query("base.role").select("parent").rows()}
    return _Members(people, roles, env.query("base.team").select("members").rows()).of(principal)


def _reach(env: Env, principals: tuple[str, ...], subordinates: tuple[int, ...], defaults: dict[str, Any],
           members: _Members) -> dict[str, Reach]:
    rules: dict[str, list[dict[str, Any]]] = {}
    for rule in env.query("base.sharing_rule").where("active").select(
            "name", "record_type", "owners", "criteria", "share_with", "access").rows():
        if rule["share_with"] in principals:
            rules.setdefault(rule["record_type"], []).append(rule)
    found = {}
    for name, rtype in env.registry.records.items():
        if not rtype.owned:
            continue
        tree = subordinates if name not in defaults or defaults[name]["role_tree"] else ()
        own = rules.get(name, [])
        writing = [r for r in own if r["access"] == "write"]
        read_rules, write_rules = _by_owner(own, members), _by_owner(writing, members)
        found[name] = Reach(
            _owners(read_rules, tree), _owners(write_rules, tree), _by_criteria(own), _by_criteria(writing), read_rules, write_rules)
    return found


def _by_owner(rules: list[dict[str, Any]], members: _Members) -> tuple[tuple[str, frozenset[int]], ...]:
    return tuple((r["name"], frozenset(members.of(r["owners"]))) for r in rules if r["owners"])


def _by_criteria(rules: list[dict[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return tuple((r["name"], r["criteria"]) for r in rules if r["criteria"])


def _owners(rules: tuple[tuple[str, frozenset[int]], ...], tree: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({owner for _name, people in rules for owner in people}.union(tree)))
