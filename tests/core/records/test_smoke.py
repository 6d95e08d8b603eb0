import pytest

from core.errors import NotFound


@pytest.mark.addons("base")
def test_people(installation, env_as):
    with env_as("sara") as env:
        rows = env.query("base.user").select("name", "login", "role").order("name").rows()
        assert [r["login"] for r in rows][:2] == ["admin", "boss"]
        view = env.create("base.view", {"name": "Mine", "record_type": "base.user"})
        env.update("base.view", view, {"name": "Mine too"})
        assert env.get("base.view", view).name == "Mine too"
    with env_as("reza") as env, pytest.raises(NotFound):
        env.get("base.view", view)
    with env_as("boss") as env:
        assert env.get("base.view", view).owner.label == "Sara Seller"
