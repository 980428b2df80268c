"""The application that gunicorn serves: `gunicorn -c python:ivr.serving wsgi:app`, or simply `ivr serve`."""

from ivr import create_app
from ivr.settings import Settings

app = create_app(Settings.load(needs_carrier=True))
