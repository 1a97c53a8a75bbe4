"""What Granian serves: pages and live streams on one port (kring/core/bridge.py)."""

import os

from django.core.wsgi import get_wsgi_application

from kring.core.bridge import Bridge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = Bridge(get_wsgi_application(), threads=int(os.environ.get("KRING_WEB_THREADS", "4")))
