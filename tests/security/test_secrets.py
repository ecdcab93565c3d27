"""Nothing secret and nobody's particulars in what is published: the repository, the data, the documents."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "clé privée": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "clé d’un service": re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abpr]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9]{32,})\b"),
    "jeton": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    "mot de passe dans une adresse": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'{}<>$]+:(?!(?i:secret|mot|motdepasse|mot-de-passe)@|\*|%)[^\s/@\"'{}<>$]{3,}@(?!127\.0\.0\.1|localhost)"),
    "valeur d’un réglage": re.compile(r"(?im)^[ \t]*(?:export[ \t]+)?(?:PTCE_OIDC_CLIENT_SECRET|PTCE_STORE_KEY|STREAMLIT_SERVER_COOKIE_SECRET|cookieSecret|client_secret|cookie_secret)[ \t]*=[ \t]*[\"']?(?!\$|<|…|\.\.\.|\"|'|\s|$)[A-Za-z0-9+/_-]{16,}"),
}  # fmt: skip
#: An address that does not exist, by RFC 2606 and 6761, or a way of writing one.
NO_ONE = re.compile(
    r"@(?:[\w.-]*\.)?(?:invalid|example|test|localhost|exemple\.(?:fr|org|com)|example\.(?:org|com|net))$",
    re.I,
)
EMAIL = re.compile(r"(?<![\w/.:@-])[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b")
PHONE = re.compile(
    r"(?<![\w./-])(?:\+33[ .\u00a0\u202f-]?(?:\(0\))?|0)[1-9](?:[ .\u00a0\u202f-]\d{2}){4}(?![\w.-])|(?<![\w.,/+=-])(?:\+33[1-9]\d{8})(?!\w)"
)
#: Addresses of organisations that publish them, and what only looks like one: value -> why.
ALLOWED: dict[str, str] = {}
#: Names of columns that would hold a person.
PERSON = re.compile(
    r"^(?:.*_)?(?:first_?name|last_?name|surname|prenom|nom_de_famille|e?_?mail|courriel|phone|telephone|mobile|contact_?name|birth\w*|naissance|civilite|gender|sexe)(?:_.*)?$",
    re.I,
)


def listed(*folders: str) -> list[Path]:
    """Files that git keeps or would keep."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    found = [ROOT / name for name in said.stdout.decode().split("\0") if name]
    return [p for p in found if p.is_file()]


def texts(*folders: str) -> list[tuple[str, str]]:
    made = []
    for path in listed(*folders):
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            made.append((str(path.relative_to(ROOT)), content.decode("utf-8", "replace")))
    return made


def test_no_secret_is_in_the_repository() -> None:
    found = [
        f"{name}: {kind}"
        for name, content in texts()
        for kind, pattern in SECRETS.items()
        if not name.startswith("tests/") and pattern.search(content)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----", "ghp_" + "a1B2" * 9, "PTCE_STORE_KEY=" + "Zx81" * 8, "AKIA" + "ABCD1234EFGH5678",
        "postgresql+psycopg://atlas:Tr0ub4dor@bd.region.fr/atlas", 'cookieSecret = "' + "f00d" * 8 + '"',
    ],
)  # fmt: skip
def test_a_secret_would_be_found(text: str) -> None:
    assert any(pattern.search(text) for pattern in SECRETS.values())


def test_secrets_come_from_the_environment_only() -> None:
    for name in (".streamlit/secrets.toml", "var/atlas.db"):
        said = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert said.returncode == 0, f"{name} n’est pas ignoré"
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert "cookieSecret" not in config.get("server", {})
    assert config["client"]["showErrorDetails"] == "none"
    read = {
        name
        for name, content in texts("ptce_ui", "ptce_api", "ptce_data", "pages")
        if "st.secrets" in content
    }
    assert read == set()


def particulars(content: str) -> list[str]:
    """E-mail addresses and telephone numbers of a text, but those that lead to nobody."""
    found = [m for m in EMAIL.findall(content) if not NO_ONE.search(m)] + [
        m.group(0) for m in PHONE.finditer(content)
    ]
    return sorted({value for value in found if value not in ALLOWED})


def test_the_data_and_the_documents_name_no_way_to_reach_a_person() -> None:
    found = {
        name: values
        for name, content in texts("data", "docs", "README.md", "CHANGELOG.md")
        if (values := particulars(content))
    }
    assert found == {}


def test_binary_tables_neither() -> None:
    found: dict[str, list[str]] = {}
    for path in listed("data"):
        if path.suffix != ".parquet":
            continue
        rows = pd.read_parquet(path, columns=None)
        for column in rows.columns:
            if rows[column].dtype.kind not in "OSU" and str(rows[column].dtype) not in ("str", "string"):
                continue
            if isinstance(rows[column].iloc[0] if len(rows) else "", bytes):
                continue
            values = particulars("\n".join(rows[column].dropna().astype(str).unique()))
            if values:
                found[f"{path.name}.{column}"] = values
    assert found == {}


def test_no_column_is_made_for_a_person() -> None:
    found = []
    for path in listed("data"):
        if path.suffix == ".csv":
            columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
            found += [f"{path.name}.{c}" for c in columns if PERSON.match(c)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "écrire à camille.durand@region.fr",
        "tél. 01 23 45 67 89",
        "06.12.34.56.78",
        "+33 6 12 34 56 78",
        "+33612345678",
    ],
)
def test_particulars_would_be_found(text: str) -> None:
    assert len(particulars(text)) == 1


@pytest.mark.parametrize(
    "text", ["siret 12345678900011", "camille@exemple.invalid", "0.1 23 45", "2022-01-02 03:04:05", "a@b"]
)
def test_what_is_no_particular_is_not(text: str) -> None:
    assert particulars(text) == []
