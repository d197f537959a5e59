"""What a mail was about, in words: never what it said, nor whose name it held."""

from django.utils.translation import gettext_lazy as _

#: By the mail's kind: a rule looks that none is missing.
WORDS = {
    "account.confirm_contact": _("Confirm the address of a contact"),
    "account.organization_renamed": _("Organization renamed"),
    "account.primary_changed": _("Primary billing contact changed"),
    "account.primary_restored": _("Primary billing contact restored"),
    "account.second_factor_needed": _("Second factor needed"),
    "account.sign_in_rules_changed": _("Sign-in rules changed"),
    "billing.canceled": _("Subscription canceled"),
    "billing.due": _("Invoice due"),
    "billing.invoice": _("Invoice or credit note"),
    "billing.invoicing_changed": _("Invoices go to another address"),
    "billing.overdue": _("Invoice overdue"),
    "billing.paid": _("Payment received"),
    "billing.payment_failed": _("Payment failed"),
    "billing.renews": _("Subscription renews"),
    "billing.resumed": _("Subscription resumed"),
    "billing.tax_id_invalid": _("Tax id not known"),
    "console.merged": _("Two customers became one"),
    "members.declined": _("Invitation declined"),
    "members.invitation": _("Invitation"),
    "members.joined": _("Somebody joined"),
    "members.left_admins": _("Somebody left"),
    "members.removed": _("Removed from the organization"),
    "members.removed_admins": _("Somebody was removed"),
    "members.role_changed": _("Role changed"),
    "members.role_changed_admins": _("Somebody's role changed"),
    "members.welcome": _("Welcome"),
    "orgs.staff_added": _("One of the vendor's staff"),
    "people.account_deleted": _("Account deleted"),
    "people.address_added": _("Address added to an account"),
    "people.address_already_exists": _("There is an account already"),
    "people.address_changed": _("Address of an account changed"),
    "people.address_removed": _("Address removed from an account"),
    "people.confirm_code": _("Code to confirm who it is"),
    "people.factor_added": _("Authenticator app set up"),
    "people.factor_removed": _("Authenticator app turned off"),
    "people.factor_reset_asked": _("Second factor shall be taken off"),
    "people.factor_reset_done": _("Second factor taken off"),
    "people.identity_linked": _("Way to sign in linked"),
    "people.identity_unlinked": _("Way to sign in unlinked"),
    "people.key_added": _("Key added to an account"),
    "people.key_removed": _("Key removed from an account"),
    "people.login_code": _("Code to sign in"),
    "people.new_device": _("New sign-in"),
    "people.no_password": _("How to sign in"),
    "people.password_changed": _("Password changed"),
    "people.password_reset_code": _("Code to reset a password"),
    "people.password_set": _("Password set"),
    "people.recovery_code_used": _("Recovery code used"),
    "people.recovery_codes_made": _("Recovery codes made"),
    "people.unknown_account": _("No account with this address"),
    "people.verify_address": _("Code to verify an address"),
    "products.key_rotated": _("License key replaced"),
    "products.license_ended": _("License ended"),
    "products.license_ending": _("License ends soon"),
    "products.license_granted": _("License granted"),
    "products.release": _("New release"),
}


def said(kind: str) -> str:
    """What a mail of this kind is about; one that nobody has words for by its own name."""
    words = WORDS.get(kind)
    return str(words) if words else kind.partition(".")[2].replace("_", " ").capitalize()
