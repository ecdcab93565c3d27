# Deux commandes suffisent : `make run` et `make test`.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test fast long office api store oidc audit cluster replicas deployfiles spark browser lint bench lock data clean

help: ## Liste des commandes
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 ou plus récent est nécessaire.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run ## Ouvre l'atlas et son API sur http://localhost:8501 (PORT=8600 make run pour un autre port)
	FORWARDED_ALLOW_IPS="$${FORWARDED_ALLOW_IPS-}" $(BIN)/streamlit run server.py --server.port $(PORT)

test: lint fast long office api store replicas deployfiles oidc spark browser ## Tout : style, types, frontières, tests rapides, bureautique, API, PostgreSQL, répliques, connexion, Spark, navigateur

lint: $(VENV)/.dev ## Style, types et frontières entre les couches
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m ptce_data.dictionary --check
	$(BIN)/python -m ptce_data validate

PLAIN := tests --ignore=tests/browser --ignore=tests/office --ignore=tests/api_server --ignore=tests/store_pg --ignore=tests/cluster --ignore=tests/oidc --ignore=tests/sirene_spark --disable-socket --allow-unix-socket -q -n 2 --dist loadscope

fast: $(VENV)/.dev ## Tests sans navigateur, sans réseau, ceux de tests/long.txt exceptés
	$(BIN)/python -m pytest $(PLAIN) -m "not long"

long: $(VENV)/.dev ## Les tests de tests/long.txt : toutes les régions, documents entiers, propriétés
	$(BIN)/python -m pytest $(PLAIN) -m long

office: $(VENV)/.dev ## Documents relus par LibreOffice (sautés s’il n’est pas installé)
	$(BIN)/python scripts/find_soffice.py
	$(BIN)/python -m pytest tests/office -q -rs

api: $(VENV)/.dev ## API lue par GDAL et par geopandas (sautée si GDAL n’est pas installé)
	$(BIN)/python scripts/find_gdal.py
	$(BIN)/python -m pytest tests/api_server -q -rs

store: $(VENV)/.dev ## Travail enregistré sur un vrai PostgreSQL (sauté s’il n’est pas installé)
	$(BIN)/python scripts/find_postgres.py
	$(BIN)/python -m pytest tests/store_pg -q -rs

oidc: $(VENV)/.dev ## Connexion contre un vrai fournisseur OpenID Connect local (Node.js)
	cd tests/oidc/provider && npm ci --no-fund --no-audit
	PTCE_CHROMIUM="$$($(BIN)/python scripts/find_chromium.py)" && export PTCE_CHROMIUM && \
	  $(BIN)/python -m pytest tests/oidc -q -rs

audit: $(VENV)/.dev ## Failles connues, inventaire CycloneDX, licences (code 3 : service des failles muet)
	@test -d build/audit || $(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1 cyclonedx-bom==7.5.0
	PTCE_AUDIT_PYTHON=build/audit/bin/python $(BIN)/python scripts/audit.py build

cluster: $(VENV)/.run ## PostgreSQL, deux répliques et nginx sur 127.0.0.1:8500 (PORT=… pour un autre port)
	PORT="$(if $(filter 8501,$(PORT)),8500,$(PORT))" $(BIN)/python scripts/cluster.py

replicas: $(VENV)/.dev ## Répliques, nginx, pannes (sautés sans nginx ou PostgreSQL)
	$(BIN)/python scripts/find_nginx.py && $(BIN)/python scripts/find_postgres.py
	PTCE_CHROMIUM="$$($(BIN)/python scripts/find_chromium.py)" && export PTCE_CHROMIUM && \
	  $(BIN)/python -m pytest tests/cluster -q -rs

deployfiles: $(VENV)/.dev ## Fichiers de deploy/ relus par les outils qui les emploient (sautés s’ils manquent)
	@test -d build/deploy || $(PYTHON) -m venv build/deploy
	@build/deploy/bin/python -m pip install --quiet --disable-pip-version-check kubernetes-validate==1.37.0 check-jsonschema==0.39.0
	$(BIN)/python -m pytest tests/test_deploy.py tests/test_deploy_image.py -q -rs

spark: $(VENV)/.dev ## Poids de l’ESS : mêmes résultats avec PySpark (Java 17)
	@test -d build/spark || $(BIN)/python -m pip install --quiet --target build/spark pyspark==4.3.0
	PYTHONPATH=build/spark $(BIN)/python -m pytest tests/sirene_spark -q -rs

browser: $(VENV)/.dev ## Tests dans un vrai Chromium
	PTCE_CHROMIUM="$$($(BIN)/python scripts/find_chromium.py)" && export PTCE_CHROMIUM && \
	  $(BIN)/python -m pytest tests/browser -q

bench: $(VENV)/.dev ## Mesures de vitesse, en rapports dans une même course
	PTCE_CHROMIUM="$$($(BIN)/python scripts/find_chromium.py)" && export PTCE_CHROMIUM && \
	  $(BIN)/python -m benchmarks && $(BIN)/python -m benchmarks.bench_reruns && $(BIN)/python -m benchmarks.bench_pages && $(BIN)/python -m benchmarks.bench_api && $(BIN)/python -m benchmarks.bench_together

lock: $(VENV)/.dev ## Recompile les dépendances épinglées
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --output-file requirements-dev.txt requirements-dev.in

data: $(VENV)/.dev ## Régénère le dictionnaire et le paquet de données
	$(BIN)/python -m ptce_data.dictionary

clean: ## Efface ce que les commandes ont fabriqué
	rm -rf $(VENV) static/gen static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis
