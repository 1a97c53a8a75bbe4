"""The part of the access table about one's own login: the addresses of allauth."""

from __future__ import annotations

from tests.house.access_table import EVERYBODY, NOBODY, NOT, SIGNED_IN, Line, May, line, who

# allauth's own addresses are about one's own login; the only id in them is the key of a passkey. Tried by three roles:
# the guardian has a passkey, nobody has an app or recovery codes, and everybody has a password.
PASSKEY = May(who("guardian"))
OWN_LOGIN: list[Line] = [
    *[
        line(name, "", EVERYBODY, EVERYBODY)
        for name in (
            "account_login", "account_logout", "account_reset_password", "account_request_login_code",
            "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
        )
    ],
    *[
        line(name, "", EVERYBODY, NOT)
        for name in (
            "account_inactive", "account_email_verification_sent", "account_reset_password_done",
            "account_reset_password_from_key_done",
        )
    ],
    line("account_signup", "", NOBODY, NOBODY),
    line("account_reset_password_from_key", "uid key", EVERYBODY, EVERYBODY),
    line("account_confirm_email", "key", EVERYBODY, NOBODY),  # the key is of nobody
    *[
        line(name, "", SIGNED_IN, SIGNED_IN)
        for name in (
            "account_reauthenticate", "account_email", "account_change_password", "account_set_password",
            "mfa_reauthenticate", "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn", "usersessions_list",
        )
    ],
    line("mfa_index", "", SIGNED_IN, NOT),
    line("mfa_list_webauthn", "", SIGNED_IN, NOT),
    line("mfa_deactivate_totp", "", NOBODY, NOBODY),
    line("mfa_view_recovery_codes", "", NOBODY, NOT),
    line("mfa_download_recovery_codes", "", NOBODY, NOBODY),
    line("mfa_remove_webauthn", "passkey", PASSKEY, PASSKEY),
    line("mfa_edit_webauthn", "passkey", PASSKEY, PASSKEY),
]  # fmt: skip
