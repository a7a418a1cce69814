from __future__ import annotations

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboards.app import create_app


@pytest.fixture(scope="session")
def app() -> Dash:
    return create_app()


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()
