"""A whole export is whole: of every table it is said here whether its rows are in the files. Who adds a table
says so, too, and in docs/importing.md; the rows of those that are in them are compared, column by column."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

from forecourt.billing import actions, periods
from forecourt.billing.tests.books import staff
from forecourt.console import figures
from forecourt.console.models import Note
from forecourt.console.tests.copying import WITH_SECRETS, everything, lived_in, new_portal
from forecourt.console.tests.importing import forecourt
from forecourt.console.tests.test_exporting_money import stripes
from forecourt.console.transfer.tables import COLUMNS
from tests.authenticator import Device
from tests.cast import organization

#: Tables whose rows are in the files, and the columns that are not: when a row that nobody asks for its age
#: was made, what is sealed by another key (test_copying opens it), what the import says of itself.
IN_THE_FILES = {
    "account.EmailAddress": "",
    "allauth_idp_oidc.Client": "created_at",
    "billing.BillingAccount": "",
    "billing.BillingDetails": "",
    "billing.Invoice": "imported_on",
    "billing.InvoiceLine": "",
    "billing.InvoiceRevision": "",
    "billing.Numbering": "",  # (It follows from the invoices.)
    "billing.Payment": "",
    "billing.Plan": "",
    "billing.Seller": "created_at",
    "billing.StripeCustomer": "created_at version",
    "billing.StripeInvoice": "paper",
    "billing.Subscription": "imported_on",
    "console.Figure": "",
    "console.Merged": "",
    "console.Note": "",
    "core.AuditEvent": "object_id",
    "core.Brand": "",
    "core.Mail": "about values",  # (By another number; needed until it is sent.)
    "members.Invitation": "",  # (While they wait for an answer.)
    "mfa.Authenticator": "data",
    "orgs.Contact": "",
    "orgs.FormerSlug": "created_at",
    "orgs.Membership": "",
    "orgs.Organization": "",
    "orgs.Staff": "",
    "people.User": "",
    "products.Artifact": "created_at",
    "products.License": "",
    "products.LicenseKey": "made_at",
    "products.Product": "created_at",
    "products.ProductClient": "",
    "products.Release": "",
    "products.Seat": "",
    "products.SigningKey": "private",
    "products.TokenKey": "private",
    "socialaccount.SocialAccount": "",
}
#: Tables whose rows stay behind, and why.
LEFT = {
    "account.EmailConfirmation": "addresses are confirmed by codes, in the session",
    "allauth_idp_oidc.Token": "people sign in to products once more",
    "auth.Group": "there are none",
    "auth.Permission": "Django's own, of every portal",
    "billing.ProviderCall": "what Stripe is being asked",
    "billing.StripeEvent": "what Stripe told: it is asked anew",
    "console.Import": "forgotten after a week",
    "console.ImportLine": "forgotten after a week",
    "console.Imported": "an import writes its own, by the same refs",
    "console.PrimaryMove": "a request that waits",
    "contenttypes.ContentType": "Django's own, of every portal",
    "core.AuditCheckpoint": "the log of the copy begins a chain of its own",
    "core.Export": "files that were asked for",
    "core.ExportPiece": "files that were asked for",
    "orgs.Visit": "it ends with its session; the activity tells of it",
    "people.FactorReset": "a request that waits",
    "people.Session": "people sign in once more",
    "procrastinate.ProcrastinateEvent": "jobs",
    "procrastinate.ProcrastinateJob": "jobs",
    "procrastinate.ProcrastinatePeriodicDefer": "jobs",
    "procrastinate.ProcrastinateWorker": "jobs",
    "products.Launch": "people sign in to products once more",
    "products.LicenseNotice": "what is due by then counts as told",
    "socialaccount.SocialApp": "providers are settings",
    "socialaccount.SocialToken": "none is kept",
}


def test_of_every_table_it_is_said_whether_it_is_in_the_files():
    assert {model._meta.label for model in apps.get_models()} == {*IN_THE_FILES, *LEFT}
    assert not {*IN_THE_FILES} & {*LEFT}


def test_every_file_and_column_is_in_the_documentation():
    text = Path("docs/importing.md").read_text()
    assert [name for name in COLUMNS if f"{name}.csv" not in text] == []
    names = {column.name for columns in COLUMNS.values() for column in columns}
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_every_row_that_is_in_the_files_is_in_the_copy_as_it_was(
    committed_world, settings, tmp_path
):
    settings.PUBLIC_URL = "https://testserver"
    lived_in(tmp_path / "files", Device())
    what_few_have()
    before = rows()
    everything(tmp_path / "before", WITH_SECRETS)
    new_portal(settings, tmp_path / "store")
    assert not any(rows().values())
    assert forecourt("import", tmp_path / "before", WITH_SECRETS) == 0
    after = rows()
    assert [name for name in IN_THE_FILES if not before[name]] == []
    after["core.AuditEvent"] &= before["core.AuditEvent"]  # (The import has left some of its own.)
    for name, said in before.items():
        assert after[name] == said, name


def what_few_have() -> None:
    house = organization("acme")
    Note.objects.create(organization=house, author="a@lumen.example", text="=Two\nlines")
    invoice = house.invoices.filter(status="open").first()
    actions.change_billing_details(staff(), company="Acme & Söhne", street="1 Way")
    actions.correct_invoice(staff(), invoice_id=invoice.pk)
    stripes()
    figures.count(periods.today() - dt.timedelta(1))


def rows() -> dict[str, Counter[str]]:
    """Every row of these tables by what it says."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("grant select on all tables in schema public to forecourt_all")
        cursor.execute("set local role forecourt_all")
        for name, besides in IN_THE_FILES.items():
            model = apps.get_model(name)
            cursor.execute(f"select to_jsonb(t)::text from {model._meta.db_table} t")
            without = {*besides.split(), *_numbers(model)}
            found[name] = Counter(_said(text, without) for (text,) in cursor.fetchall())
        transaction.set_rollback(True)
    return found


def _said(text: str, without: set[str]) -> str:
    row = json.loads(text)
    return json.dumps({key: row[key] for key in row.keys() - without}, sort_keys=True)


def _numbers(model) -> set[str]:
    """Of rows, and of those that they point to: other ones in every portal, but for organizations and
    accounts."""
    kept = ("organization_id", "user_id")
    fields = [field for field in model._meta.concrete_fields if field.column not in kept]
    return {field.column for field in fields if field.is_relation or field.column == "id"}
