"""Who meddles with the audit log, past the application and its role, is found out. A195."""

import os
import time
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from forecourt.config.cli import main
from forecourt.core import checkpoints, scope
from forecourt.core.models import AuditCheckpoint, AuditEvent
from forecourt.core.tasks import checkpoint_audit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("FORECOURT_TEST_SUPERUSER_URL"), reason="needs a superuser's address"
    ),
]


def happen(number: int, *, ago: int = 5, **values) -> list[int]:
    """So many things that happened so many minutes ago, in one transaction: they come into the chain
    together, whatever the tests beside this one have open. Their rows."""
    given = {"actor_label": "kim@example.com", "object_label": "A customer", "after": {"seats": 3}}
    given |= {"at": timezone.now() - timedelta(minutes=ago), "event": "tried", **values}
    with transaction.atomic(), scope.organization(None):
        return [AuditEvent.objects.create(**given).pk for _row in range(number)]


def happens(**values) -> int:
    """One of them."""
    return happen(1, **values)[0]


def checkpoint() -> None:
    """What has happened is in a checkpoint; transactions of tests beside this one are waited for."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        checkpoint_audit(0)
        if not checkpoints.verify().waiting:
            return
        time.sleep(0.05)
    raise TimeoutError


def by_force(statement: str, *values: object) -> None:
    """As the database's superuser, whom no trigger and no grant holds."""
    url = urlsplit(os.environ["FORECOURT_TEST_SUPERUSER_URL"])
    name = connection.settings_dict["NAME"]
    with psycopg.connect(urlunsplit(url._replace(path=f"/{name}"))) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(statement, values)


def told(capsys, *words: str) -> str:
    """What `forecourt audit verify` says."""
    capsys.readouterr()
    status = main(["audit", "verify", *words])
    said = capsys.readouterr()
    assert bool(status) == bool(said.err)
    return said.err or said.out


def test_an_untouched_log_is_as_it_was(capsys, monkeypatch):
    monkeypatch.setattr(checkpoints, "ROWS", 2)
    happen(5)
    checkpoint()
    assert AuditCheckpoint.objects.count() == 3
    happens(ago=0)
    checkpoint_audit(0)
    assert AuditCheckpoint.objects.count() == 3
    assert "5 rows are as they were; 1 wait for a checkpoint." in told(capsys)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update core_auditevent set event = 'dreamt' where id = %s", "was changed"),
        ("update core_auditevent set at = at - interval '1 day' where id = %s", "was changed"),
        ("update core_auditevent set organization_id = 7 where id = %s", "was changed"),
        ("update core_auditevent set actor_label = 'max@example.com' where id = %s", "was changed"),
        ("""update core_auditevent set after = '{"seats": 4}' where id = %s""", "was changed"),
        ("delete from core_auditevent where id = %s", "was removed"),
    ],
)
def test_the_first_row_that_somebody_meddled_with_is_named(capsys, statement, said):
    meant = happen(4)[1]
    checkpoint()
    by_force(statement, meant)
    answer = told(capsys)
    assert f"Row {meant} {said}." in answer and "0 rows are as they were" in answer


def test_a_row_that_is_slipped_in_between_is_named(capsys):
    gap = happens() + 1
    with connection.cursor() as cursor:
        cursor.execute("select nextval('core_auditevent_id_seq')")
    happens()
    checkpoint()
    by_force(
        "insert into core_auditevent (id, at, actor_kind, actor_id, actor_label, event, object_kind,"
        " object_id, object_label, before, after)"
        " values (%s, now(), 'member', '1', 'x', 'tried', 'y', '2', 'z', '{}', '{}')",
        gap,
    )
    assert f"Row {gap} was slipped in later." in told(capsys)


def test_a_person_may_be_forgotten_and_nothing_else_with_them(capsys):
    row = happens(after={"by": "kim@example.com", "seats": 3})
    checkpoint()
    with transaction.atomic(), scope.organization(None):
        AuditEvent.objects.filter(pk=row).update(
            actor_label="Former person 0a1b2c3d", after={"by": "Former person 0a1b2c3d", "seats": 3}
        )
    assert "1 rows are as they were" in told(capsys)
    by_force("""update core_auditevent set after = after || '{"seats": 4}' where id = %s""", row)
    assert f"Row {row} was changed." in told(capsys)


def test_a_chain_that_is_made_anew_lacks_the_digest_that_was_kept(capsys):
    row = happens()
    checkpoint()
    kept = told(capsys).split()[-1]
    assert told(capsys, "--kept", kept) == told(capsys)
    by_force("update core_auditevent set event = 'dreamt' where id = %s", row)
    by_force("delete from core_auditcheckpoint where digest <> %s", b"")
    checkpoint()
    assert "1 rows are as they were" in told(capsys)
    assert f"No checkpoint has the digest {kept}." in told(capsys, "--kept", kept)


def test_a_checkpoint_itself_is_not_changed(capsys):
    happens()
    checkpoint()
    for change in ("digests = ''::bytea || digests", "ids = ids"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"update core_auditcheckpoint set {change}")
    first = AuditCheckpoint.objects.get()
    by_force("update core_auditcheckpoint set ids = ids || 999999 where id = %s", first.pk)
    assert f"Checkpoint {first.pk} was changed." in told(capsys)


def test_rows_do_not_go_together_with_their_checkpoint(capsys):
    for _checkpoint in range(2):
        row = happens()
        checkpoint()
    by_force("delete from core_auditcheckpoint where not %s = any(ids)", row)
    by_force("delete from core_auditevent where id <> %s", row)
    assert f"Checkpoint {AuditCheckpoint.objects.get().pk} was changed." in told(capsys)


def test_a_row_whose_transaction_is_not_over_yet_is_waited_for(capsys):
    """It has a smaller id than rows that are there already."""
    settings = connection.get_connection_params()
    pooled = {
        name: settings[name] for name in ("dbname", "user", "host", "port") if name in settings
    }
    with psycopg.connect(**pooled) as other:
        other.execute("select set_config('forecourt.organization', '0', true)")
        other.execute(
            "insert into core_auditevent (at, actor_kind, actor_id, actor_label, event, object_kind,"
            " object_id, object_label, before, after) values"
            " (now() - interval '1 hour', 'member', '1', 'x', 'slow', 'y', '2', 'z', '{}', '{}')"
        )
        happens()
        checkpoint_audit(0)
        assert "0 rows are as they were; 1 wait" in told(capsys)
    checkpoint()
    assert "2 rows are as they were; 0 wait" in told(capsys)
