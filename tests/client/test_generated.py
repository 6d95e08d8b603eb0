"""Public generators understand the document: clients for JavaScript, Java and Ruby are made of it, and the one for JavaScript is run
by Node.js against a live server. Where Java or npm is missing, that part is left out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openapi_generator_cli
import pytest

from addons.api.tests.calling import Caller, token_for

JAR = Path(openapi_generator_cli.__file__).with_name("openapi-generator.jar")
LANGUAGES: dict[str, dict[str, Any]] = {"javascript": {"usePromises": True}, "java": {}, "ruby": {}}
GENERAL = ("/types", "/search", "/records/{record}/count")
TOOLS = ("superagent@10.2.3", "esbuild@0.25.10")
REFERENCE = re.compile(r"#/components/schemas/([^\"]+)")


def part_of(document: dict[str, Any]) -> dict[str, Any]:
    """Leads and a few general operations: generators take their time for each schema."""
    paths = {path: item for path, item in document["paths"].items() if path in GENERAL or path.startswith("/records/leads.lead")}
    known, needed, waiting = document["components"]["schemas"], set(), [json.dumps(paths)]
    while waiting:
        for name in set(REFERENCE.findall(waiting.pop())) - needed:
            needed.add(name)
            waiting.append(json.dumps(known[name]))
    components = {**document["components"], "schemas": {name: known[name] for name in known if name in needed}}
    return {**document, "paths": paths, "components": components}


def run(*command: str, cwd: Path, seconds: int = 300) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=seconds)


@pytest.mark.addons("api", "leads")
@pytest.mark.database("sqlite")
@pytest.mark.skipif(shutil.which("java") is None, reason="the generator needs Java")
def test_clients_are_generated_and_work(installation, address, tmp_path):
    token = token_for(installation, "boss")
    (tmp_path / "openapi.json").write_text(json.dumps(part_of(Caller(installation, token=token).get("/openapi.json"))), "utf-8")
    for language, more in LANGUAGES.items():
        (tmp_path / f"{language}.json").write_text(json.dumps({
            "generatorName": language, "inputSpec": "openapi.json", "outputDir": language, "additionalProperties": more}), "utf-8")
    done = run("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(JAR), "batch", "--fail-fast",
               *(f"{language}.json" for language in LANGUAGES), cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    for language, part in (("java", "LeadsLeadApi.java"), ("ruby", "leads_lead_api.rb"), ("javascript", "LeadsLeadApi.js")):
        assert list((tmp_path / language).rglob(part)), language
    assert run_javascript(tmp_path, address, token) == {
        "name": "Karimi", "owner": "Bahram Director", "version": 2, "listed": ["Pars"], "next": None, "count": 1, "refused": 409}


def run_javascript(folder: Path, address: str, token: str) -> Any:
    """Bundle the generated client with a small program, run it, and give what it printed."""
    if shutil.which("npm") is None:
        pytest.skip("npm is missing; the clients were generated")
    shutil.copy(Path(__file__).with_name("generated.mjs"), folder)
    (folder / "package.json").write_text('{"private": true}')
    fetched = run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *TOOLS, cwd=folder)
    if fetched.returncode:
        pytest.skip(f"npm fetches nothing; the clients were generated: {fetched.stderr[-300:]}")
    bundled = run("npx", "esbuild", "generated.mjs", "--bundle", "--platform=node", "--format=esm", "--outfile=bundled.mjs",
                  "--banner:js=import { createRequire } from 'module'; const require = createRequire(import.meta.url);", cwd=folder)
    assert bundled.returncode == 0, bundled.stderr
    ran = run("node", "bundled.mjs", address, token, cwd=folder, seconds=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
