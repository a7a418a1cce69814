"""For a server of one's own: `gunicorn --threads 2 dashboards.wsgi:application`.

Without `--preload`: JAX does not survive a fork.
"""

from dashboards.app import create_app

application = create_app().server
