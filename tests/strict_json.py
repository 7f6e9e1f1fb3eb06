"""What a command prints as strict JSON."""

import json

import pytest


def json_of(main, capsys, *words):
    """The exit code of ``main`` and the JSON that it prints, in which nan and inf are refused."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
