"""The shape of what people type. allauth's own forms lose their placeholders: a label says it, and stays."""

from __future__ import annotations

import re
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kring.people.models import User

PHONE = re.compile(r"^\+?[0-9][0-9 ()\-]{5,28}$")


def plain(form: forms.BaseForm) -> None:
    """Take the placeholders off; they vanish while typing and are too pale to read (WCAG 1.4.3, 3.3.2)."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    """Address and password. `webauthn` lets the browser offer a passkey in the same field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["login"].label = _("Your e-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["password"].help_text = ""


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    """The address to which a code goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["email"].label = _("Your e-mail address")
        self.fields["email"].widget.attrs["autocomplete"] = "username"


def as_code(field: forms.Field, *, digits: bool) -> None:
    """Make a code easy to type on a phone, and to fill in from a message."""
    field.widget.attrs.update(autocomplete="one-time-code", spellcheck="false", autocapitalize="characters")
    field.widget.attrs["class"] = "code"
    if digits:
        field.widget.attrs["inputmode"] = "numeric"


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    """The code from the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code from the e-mail")
        as_code(self.fields["code"], digits=True)


class ResetPasswordForm(account.ResetPasswordForm):
    """The address to which a link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["email"].label = _("Your e-mail address")


def new_password(form: forms.BaseForm, first: str = "password1", second: str = "password2") -> None:
    """Label the two fields of a new password, and say what it must be."""
    plain(form)
    form.fields[first].label = _("New password")
    form.fields[first].help_text = _("At least 10 characters. A sentence is easier to remember than a word.")
    form.fields[second].label = _("The new password once more")


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """A new password after following the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)
        self.fields["oldpassword"].label = _("Your password now")


class SetPasswordForm(account.SetPasswordForm):
    """A first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)


class AddEmailForm(account.AddEmailForm):
    """A new address to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["email"].label = _("New e-mail address")


class AuthenticateForm(mfa.AuthenticateForm):
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code")
        as_code(self.fields["code"], digits=False)


class MFAReauthenticateForm(mfa.ReauthenticateForm):
    """A code once more, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code")
        as_code(self.fields["code"], digits=False)


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first code, which proves that the app and Kring agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        self.fields["code"].label = _("Code of six digits from the app")
        as_code(self.fields["code"], digits=True)


class PasskeyField(forms.JSONField):
    """What a passkey answered. JSON that is nested without end is wrong input like any other."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return what was sent; ValidationError when it cannot be read."""
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class LoginWebAuthnForm(webauthn.LoginWebAuthnForm):
    """Signing in with a passkey."""

    credential = PasskeyField()


class ReauthenticateWebAuthnForm(webauthn.ReauthenticateWebAuthnForm):
    """Proving with a passkey who she is."""

    credential = PasskeyField()


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """A new passkey."""

    credential = PasskeyField()


class CodeForm(forms.Form):
    """A code typed over from paper."""

    code = forms.CharField(
        label=_("Code on your invitation"),
        help_text=_("26 letters and digits. Dashes, spaces and capitals do not matter."),
        max_length=60,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(autocomplete="off", spellcheck="false", autocapitalize="characters")


class JoinForm(forms.Form):
    """Somebody new: an address, and a password if she wants one."""

    email = forms.EmailField(label=_("Your e-mail address"), max_length=254)
    password = forms.CharField(
        label=_("Choose a password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Leave it empty to sign in with a code by e-mail each time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"

    def clean_email(self) -> str:
        """Return the address in lower case: one mailbox is one login."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Hold a chosen password against the rules, with the address to compare."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(email=cleaned.get("email", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class ProofForm(forms.Form):
    """The code that was mailed to prove an address."""

    code = forms.CharField(label=_("Code from the e-mail"), max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(self.fields["code"], digits=True)


class PhoneForm(forms.Form):
    """A telephone number, as people write it."""

    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 30})

    def clean_phone(self) -> str:
        """Return the number with single spaces, or say what is wrong with it."""
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        if phone and not PHONE.match(phone):
            raise ValidationError(_("Write the number with digits, such as 085-0000 120 or +31 85 0000 120."))
        return phone


class LanguageForm(forms.Form):
    """Which language to speak."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
