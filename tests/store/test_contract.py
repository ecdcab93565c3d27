"""The store on SQLite."""

from tests.store.contract import *  # noqa: F403
from tests.store.contract_people import *  # noqa: F403
