"""The login: an address, a password, a language, and the epoch that ends sessions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Makes logins."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a login. The address is kept in lower case, so that one mailbox is one login."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who can sign in. What she may see hangs on her Persons, not on this row."""

    email = models.EmailField(unique=True)
    language = models.CharField(max_length=8, blank=True)
    session_epoch = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_login_per_address")]

    class Privacy:
        purpose = "To let somebody in, in her own language."
        keep = "Until the last person attached to it is removed."
        personal = ("email", "password", "language", "last_login", "date_joined")
        impersonal = ("id", "session_epoch", "is_active")

    def __str__(self) -> str:
        return f"User {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A removed role or a reset must end open sessions, which a hash of the password alone does not do.
        return salted_hmac(
            "kring.people.User", f"{self.password}|{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry to stay valid."""
        return self._get_session_auth_hash()
