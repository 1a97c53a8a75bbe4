"""All settings, from the environment. A setting that is missing or wrong stops the start with a sentence.

KRING_MODE is `development` (make run), `test` or `production` (make serve); production has no unsafe defaults.
"""

from __future__ import annotations

import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kring.core.logs import configuration
from kring.notifications.endpoints import loopback_origin

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.str("KRING_MODE", default="development")
if MODE not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"KRING_MODE is {MODE!r}; it must be development, test or production.")
PRODUCTION = MODE == "production"
DEBUG = False
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def needed_in_production(name: str, default: str) -> str:
    """Return the setting `name`; without it production refuses to start and other modes take `default`."""
    value = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. Production needs it: see docs/running.md.")
    return default


def development_secret() -> str:
    """Return a secret that stays the same between two starts of `make run`, so that sessions survive."""
    path = DATA_DIR / "development-secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


PORT = env.int("PORT", default=8000)
SECRET_KEY = needed_in_production("KRING_SECRET_KEY", "" if PRODUCTION else development_secret())
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("KRING_SECRET_KEY is too short: use at least 50 random characters.")
BASE_URL = needed_in_production("KRING_BASE_URL", f"http://localhost:{PORT}").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured("KRING_BASE_URL must be a whole address such as https://kring.example.org.")
if PRODUCTION and _base.scheme != "https" and _base.hostname not in {"localhost", "127.0.0.1"}:
    raise ImproperlyConfigured("KRING_BASE_URL must start with https:// in production.")
ALLOWED_HOSTS = [
    host.strip()
    for host in needed_in_production("KRING_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("KRING_ALLOWED_HOSTS may not be '*': name the hosts.")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if _base.scheme == "https" else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "kring.accounts",  # before allauth, so that its pages are ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "kring.core",
    "kring.audit",
    "kring.school",
    "kring.people",
    "kring.files",
    "kring.agreements",
    "kring.notifications",
    "kring.consents",
    "kring.photos",
    "kring.posts",
    "kring.conversations",
    "kring.absences",
    "kring.agenda",
    "kring.help_requests",
    "kring.meetings",
    "kring.cover",
    "kring.imports",
    "kring.home",
    "kring.demo",
]
MIDDLEWARE = [
    "kring.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # outside what may answer 400 by itself: an error page has a policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kring.core.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kring.accounts.middleware.SessionLengthMiddleware",
    "kring.people.middleware.ViewerMiddleware",
    "kring.home.middleware.ShellMiddleware",
    "kring.core.middleware.LanguageMiddleware",
    "kring.accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kring.accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Under test every kept statement is compared with the queryset it stands for: see kring/core/prepared.py.
CHECK_PREPARED = MODE == "test"
AUTH_USER_MODEL = "people.User"

_context_processors = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.i18n",
    "kring.core.context.page_context",
]
_loaders = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": _context_processors,
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _loaders)])],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "kring.core.templatetags.kring",
            ],
        },
    }
]
FORM_RENDERER = "kring.core.forms.KringFormRenderer"

# SQLite takes one writer at a time: IMMEDIATE makes a second one wait instead of failing half-way,
# FULL keeps what was answered after a power cut. See docs/decisions/0004-sqlite-first.md.
_sqlite_options = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "cached_statements": 500,  # of each connection: the driver keeps 128 by itself
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
    ),
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kring.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = _sqlite_options
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Let PostgreSQL keep the plans of statements by name; a pooler that shares connections between transactions cannot.
KEEP_PLANS = env.bool("KRING_KEEP_PLANS", default=True)

if env.str("CACHE_URL", default=""):
    CACHES = {"default": env.cache_url("CACHE_URL")}
elif DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Rate limits count where every process sees them, and each process of tests by itself.
    _counters = DATA_DIR / (f"counters-{os.getpid()}.sqlite3" if MODE == "test" else "counters.sqlite3")
    CACHES = {"default": {"BACKEND": "kring.core.counters.FileCounters", "LOCATION": str(_counters)}}
else:
    CACHES = {"default": {"BACKEND": "kring.core.counters.CounterCache", "LOCATION": "core_cache"}}
# Rendered cards and other things that are cheap to make again: per process, never decides access.
CACHES["memory"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 5000},
    "TIMEOUT": 3600,
}

TASK_QUEUES = ["default", "photos", "push", "plans"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": TASK_QUEUES}}
if MODE == "test":
    TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": TASK_QUEUES}}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "kring_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
FORMAT_MODULE_PATH = ["kring.core.formats"]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
_static_backend = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if MODE == "test"
    else "kring.core.storage.KringStaticStorage"
)
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    # No MEDIA_URL on purpose: every file goes through a view that checks who asks.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {"BACKEND": _static_backend},
}
# Beside the renditions, keep a picture of at most 2560 pixels: re-encoded, without metadata, never the upload itself.
KEEP_FULL_PHOTOS = env.bool("KRING_KEEP_FULL_PHOTOS", default=False)
# What comes in stays inside the data folder, also while it comes in, and is swept there after a crash.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "kring.core.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = 60 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if MODE == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("KRING_FROM_EMAIL", default="Kring <kring@example.org>")
# Who hears about a fault in this installation (RFC 9116): an https: or mailto: address.
SECURITY_CONTACT = env.str("KRING_SECURITY_CONTACT", default="mailto:" + parseaddr(DEFAULT_FROM_EMAIL)[1])

# --- Mail that comes in: requests for help (kring/help_requests/mail, docs/running.md) --------------------------------
# 0: none is taken in. In development it listens beside the pages, so that it can be tried.
MAIL_INTAKE_PORT = env.int("KRING_MAIL_INTAKE_PORT", default=PORT + 25 if MODE == "development" else 0)
MAIL_INTAKE_HOST = env.str("KRING_MAIL_INTAKE_HOST", default="127.0.0.1")
MAIL_INTAKE_DOMAIN = env.str("KRING_MAIL_INTAKE_DOMAIN", default="" if PRODUCTION else "localhost")
if MAIL_INTAKE_PORT and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", MAIL_INTAKE_DOMAIN):
    raise ImproperlyConfigured("KRING_MAIL_INTAKE_DOMAIN must be a domain such as hulp.example.org.")

# --- Push messages (kring/notifications/channels/push.py, docs/running.md) -------------------------------------------
# The key by which push services know this server: 32 bytes in base64url. Empty: made once and kept in the data folder.
VAPID_PRIVATE_KEY = env.str("KRING_VAPID_PRIVATE_KEY", default="")
VAPID_KEY_FILE = DATA_DIR / "vapid-private-key"
# The push services of browsers. The address of a device is what its browser says, so it must be at one of these.
PUSH_HOSTS = [
    "fcm.googleapis.com",  # Chrome, Edge on Android, Samsung Internet, Opera
    ".push.services.mozilla.com",  # Firefox
    ".push.apple.com",  # Safari
    ".notify.windows.com",  # Edge on Windows
]
PUSH_ORIGINS = [found.strip() for found in env.str("KRING_PUSH_HOSTS", default="").split(",") if found.strip()]
for _origin in list(PUSH_ORIGINS):
    if loopback_origin(_origin):
        if PRODUCTION:
            raise ImproperlyConfigured("KRING_PUSH_HOSTS may name this machine in a test or a demo only.")
    elif re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", _origin):
        PUSH_HOSTS.append(_origin)
        PUSH_ORIGINS.remove(_origin)
    else:
        raise ImproperlyConfigured("KRING_PUSH_HOSTS holds names of hosts such as push.example.org, with commas.")

AUTHENTICATION_BACKENDS = ["kring.accounts.backends.Backend"]
PASSWORD_HASHERS = ["kring.accounts.hashers.KringArgon2Hasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "kring.core.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "kring_session"
CSRF_COOKIE_NAME = "kring_csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "kring.core.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if _base.scheme == "https":
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("KRING_SSL_REDIRECT", default=True)
    if env.bool("KRING_BEHIND_PROXY", default=True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}


# --- Signing in (kring/accounts, django-allauth): by invitation only -------------------------------------------------
ACCOUNT_ADAPTER = "kring.accounts.adapter.AccountAdapter"
USERSESSIONS_ADAPTER = "kring.accounts.adapter.SessionsAdapter"
MFA_ADAPTER = "kring.accounts.adapter.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address is proved by its invitation, before there is a login; a change is proved by a link.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Per address (a /64 for IPv6) and per account. A right password is not counted, so nobody is locked out for long.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("KRING_TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Kring"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _base.scheme == "http"
_forms = "kring.accounts.forms"
ACCOUNT_FORMS = {
    "login": f"{_forms}.LoginForm",
    "request_login_code": f"{_forms}.RequestLoginCodeForm",
    "confirm_login_code": f"{_forms}.ConfirmLoginCodeForm",
    "reset_password": f"{_forms}.ResetPasswordForm",
    "reset_password_from_key": f"{_forms}.ResetPasswordKeyForm",
    "change_password": f"{_forms}.ChangePasswordForm",
    "set_password": f"{_forms}.SetPasswordForm",
    "add_email": f"{_forms}.AddEmailForm",
    "reauthenticate": f"{_forms}.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": f"{_forms}.AuthenticateForm",
    "reauthenticate": f"{_forms}.MFAReauthenticateForm",
    "activate_totp": f"{_forms}.ActivateTOTPForm",
    "add_webauthn": f"{_forms}.AddWebAuthnForm",
    "login_webauthn": f"{_forms}.LoginWebAuthnForm",
    "reauthenticate_webauthn": f"{_forms}.ReauthenticateWebAuthnForm",
}
# Password hashes that run at once in a process, and sign-ins that may wait for one: see kring/accounts/hashers.py.
HASH_PLACES = env.int("KRING_HASH_PLACES", default=max(1, (os.cpu_count() or 2) // 2))
HASH_QUEUE = env.int("KRING_HASH_QUEUE", default=12)

# One line per request and per task, without a word about people: see kring/core/logs.py.
LOGGING = configuration(as_json=PRODUCTION, level="WARNING" if MODE == "test" else "INFO")
