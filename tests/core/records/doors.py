"""Every door through which a person may try to change a record, for tests of what must hold at all of them."""

import csv
import io

from core.errors import SarnakhError
from core.exchange import importing, plan
from core.exchange.plan import Options
from core.exchange.running import run
from core.testing.browser import Visitor
from core.testing.plugin import user_id


def imported(env, record, *rows, **options):
    """Import rows (the first are the fields' names) and give the import and why rows were set aside."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    key = importing.receive(env, record, "x.csv", [text.getvalue().encode()])
    importing.set_mapping(env, key, dict(enumerate(rows[0])))
    importing.set_options(env, key, Options(**options))
    importing.start(env, key, background=False)
    done = run(env, key, lambda _plan: env.commit())
    return done, [env.t(r.message) for row in plan.rows_aside(env, key, "error") for r in row.reasons]


def set_everywhere(installation, env_as, login, record, key, field, value):
    """Try to give one field of a record a value by the API, form, in place, mass edit and import; what each answered."""
    person = Visitor(installation, user_id(installation, login))
    url, said = f"/r/{record}/{key}", {}
    try:
        with env_as(login) as env:
            env.update(record, key, {field: value})
        said["api"] = ""
    except SarnakhError as error:
        said["api"] = env.t("\n".join(env.t(e.message) for e in getattr(error, "errors", [error])))
    with env_as(login) as env:
        version = env.get(record, key, "version").version
    said["form"] = person.post(f"{url}/edit", {field: str(value), "version": str(version)}).text
    said["in place"] = person.post(f"{url}/field/{field}", {field: str(value), "version": str(version)},
                                   headers={"X-Fragment": "cell"}).text
    said["mass edit"] = person.post(f"/r/{record}/bulk/edit", {
        "ids": str(key), "field": field, "step": "save", field: str(value)}, headers={"X-Fragment": "dialog"}).text
    with env_as(login) as env:
        shown = f"#{value}" if env.registry.record(record).fields[field].type_name == "link" else str(value)
        _done, reasons = imported(env, record, ("id", field), (f"{key}", shown), duplicates="update", keys=[["id"]])
    said["import"] = "\n".join(reasons)
    return said
