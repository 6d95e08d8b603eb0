"""The allowed moves of leads were records of their own; now they are rules of moves in base, as those of all records."""

from core.api import step

SAME = "created_at, created_by_id, updated_at, updated_by_id, version, archived"


@step(phase="data")
def carry_over(ops):
    """Each allowed move becomes a rule that lets everybody make it."""
    number = "nextval('base_move_id_seq')"
    if ops.dialect == "sqlite":
        count = ops.execute("SELECT count(*) AS n FROM leads_transition")[0]["n"]
        ops.execute("INSERT INTO sys_sequence (name, next) VALUES ('id:base_move', 1) ON CONFLICT DO NOTHING")
        number = "(SELECT next - 1 FROM sys_sequence WHERE name = 'id:base_move') + row_number() OVER (ORDER BY id)"
    ops.execute(f"INSERT INTO base_move (id, record_type, field_name, from_value, to_value, {SAME}) "  # noqa: S608 - no input
                f"SELECT {number}, 'leads.lead', 'status', coalesce(nullif(from_status, ''), '(new)'), to_status, {SAME} "
                "FROM leads_transition WHERE deleted_at IS NULL")
    if ops.dialect == "sqlite":
        ops.execute("UPDATE sys_sequence SET next = next + :n WHERE name = 'id:base_move'", {"n": count})
