"""With whose rights work runs that is queued."""

from sqlalchemy import select

from core.security.actor import ANONYMOUS, SYSTEM
from core.testing.plugin import user_id


def test_what_a_visitor_queues_is_not_the_systems_work(installation):
    queued = {}
    with installation.env(ANONYMOUS) as env:
        queued["visitor"] = env.enqueue("nothing.listens", {})
        with env.elevated("work of the program itself") as trusted:
            queued["program"] = trusted.enqueue("nothing.listens", {})
    sara = user_id(installation, "sara")
    with installation.env(installation.load_actor(sara)) as env:
        queued["sara"] = env.enqueue("nothing.listens", {})
    with installation.env(SYSTEM, write=False) as env:
        job = env.registry.metadata.tables["sys_job"]
        owners = dict(env.execute(select(job.c.id, job.c.actor_id)).all())
    assert installation.load_actor(owners[queued["visitor"]]) is ANONYMOUS
    assert owners[queued["program"]] is None
    assert owners[queued["sara"]] == sara
