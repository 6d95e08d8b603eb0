"""A small help centre: an article for each audience, one with a draft beside, one that was never published."""

import pytest

ADDONS = ("knowledge",)
BODY = "<p>Open the settings and press the button.</p>"


def audience(env, kind, condition=None):
    """The shipped audience of a circle, or one of its own with a condition."""
    if condition:
        return env.create("knowledge.audience", {"name": f"{kind} {condition}"[:120], "kind": kind, "condition": condition})
    return env.query("knowledge.audience").where(f'kind == "{kind}" and condition is null').ids(1)[0]


def write(env, title, body=BODY, *, kind="public", publish=True, **more):
    """An article, published unless it is to stay a draft; returns its number."""
    from addons.knowledge import publishing, writing
    condition = more.pop("condition", None)
    key = writing.create(env, {"title": title, "language": "en", "audience": audience(env, kind, condition), **more}, body)
    if publish:
        publishing.publish(env, [key])
    return key


def redraft(env, key, **values):
    """Change the draft beside what is published."""
    from addons.knowledge import writing
    writing.save(env, key, values)


@pytest.fixture
def editor(env_as):
    """`mina` may do everything with articles, `sara` writes, `reza` reads, `nobody` has no right."""
    with env_as("admin") as env:
        people = {"mina": "knowledge.editor", "sara": "knowledge.author", "reza": "knowledge.reader", "omid": "knowledge.reader"}
        for login, name in people.items():
            key = env.query("base.user").where(f'login == "{login}"').ids(1)[0]
            env.update("base.user", key, {"extra_sets": [name]})
        for profile in env.query("base.profile").select("sets").rows():
            env.update("base.profile", profile["id"], {"sets": [s for s in profile["sets"] or () if not s.startswith("knowledge.")]})
