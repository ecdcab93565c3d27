"""A small, valid data folder, for tests of every layer.

`write(folder)` builds it; `tables()` gives its rows to be changed first. The places are squares of
0.1 degree in a made-up corner of two real regions; names, sources and amounts are made up too.
"""

from __future__ import annotations

import csv
import functools
import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from ptce_data import schema
from ptce_data.territories import Classification, classify
from ptce_data.territories.store import write_tables
from tests.territories.territory_small import LOST, PLAIN

REGISTRY: Final = Path(__file__).resolve().parent.parent / "data" / "codes" / "categories.csv"

Rows = list[dict[str, str]]

#: Names that must come through unchanged, whatever draws them.
HOSTILE_NAMES: Final = (
    "<script>alert('x')</script>",
    '"><img src=x onerror=alert(1)>',
    "`${alert(1)}` \\u0041 \\",
    "$&{{ pole }}#{x}%s%(x)s",
    "Café 🏭 coopératif, « l'île » ; d’à côté",
    "مركز\u202eelop\u202c תעשיה",
    '=HYPERLINK("http://x")',
    "deux\nlignes\tet une tabulation",
    "é" * 10_000,
)

_REGIONS: Final = (
    ("84", "Auvergne-Rhône-Alpes", "region_metropole"),
    ("76", "Occitanie", "region_metropole"),
    ("978", "Saint-Martin", "collectivite_outre_mer"),
)
_FORMER: Final = (
    ("82", "Rhône-Alpes", "84"),
    ("83", "Auvergne", "84"),
    ("73", "Midi-Pyrénées", "76"),
    ("91", "Languedoc-Roussillon", "76"),
)
_DEPARTEMENTS: Final = (
    ("69", "Rhône", "84", "82"),
    ("63", "Puy-de-Dôme", "84", "83"),
    ("31", "Haute-Garonne", "76", "73"),
    ("34", "Hérault", "76", "91"),
)
#: commune_insee, name, epci_siren ("" = none), departement_code, population, column, row of its square
_COMMUNES: Final = (
    ("69001", "Alpha", "200000001", "69", 50_000, 0, 0),
    ("69002", "Bêta", "200000001", "69", 1_000, 1, 0),
    ("63001", "Gamma", "200000002", "63", 20_000, 2, 0),
    ("31001", "Delta", "200000003", "31", 90_000, 0, 1),
    ("31002", "L'Île-d'Epsilon", "", "31", 0, 1, 1),
    ("34001", "Zêta", "200000004", "34", 8_000, 2, 1),
)


#: Table -> its rows as CSV; fields that are not there are empty.
_CSV: Final = {
    "sources": """\
id,publisher,url,date_published,date_accessed,licence
source-a,Éditeur A,https://example.org/a,2015-03,2026-11-21,
source-b,Éditeur B,document: Étude B,,2026-11-21,Licence Ouverte 2.0
""",
    "poles": """\
id,name,commune_insee,departement_code,region_code,region_at_the_time,territory_type_stated,type_source_id,activity_family,theme,origin,created_year,members_count,has_physical_place,is_temoin,website,siren,confidence,source_id
pole-a,Pôle A,69001,69,84,Rhône-Alpes,desindustrialise,source-b,production,"énergie, emploi",citoyenne_associative,2010,12,true,true,https://pole-a.example.org,123456782,high,source-a
pole-b,Pôle B,,31,76,,,,,,,,,,,,,high,source-a
pole-c,Pôle C,,,76,Languedoc-Roussillon,,,,,,,,,,,,medium,source-b
pole-d,Pôle D,,,84,,,,,,,,,,,,,low,source-a
""",
    "tiers_lieux": """\
id,name,kind,label,other_labels,status,commune_insee,departement_code,region_code,lat,lon,coord_precision,opened_year,website,siren,source_dataset,coord_score,confidence,source_id
lieu-a,Lieu A,coworking,fabrique_de_territoire,fablab|manufacture_de_proximite,ouvert,69001,69,84,45.05,2.05,adresse,2016,https://lieu-a.example.org,555666775,page_web,,high,source-a
lieu-b,Lieu B,fablab,,,,31002,31,76,45.15,2.15,approximatif,,,,cget_2019,0.4,high,source-a
lieu-b-bis,Lieu B (bis),hybride,fabrique_de_territoire,,,31002,31,76,,,,,,,anct_fabriques_2024,,high,source-b
lieu-c,Lieu C,autre,,,,,63,84,,,,,,,page_web,,high,source-a
lieu-d,Lieu D,hybride,,,,97801,978,978,,,,,,,page_web,,high,source-a
""",
    "clusters": """\
id,name,kind,commune_insee,departement_code,region_code,other_regions,sector,members_count,created_year,is_active,region_at_the_time,siren,confidence,source_id
cluster-a,Cluster A,cluster_ess,69001,69,84,76,"textile, énergie",30,2005,true,,123456782,high,source-a
cluster-b,Cluster B,spl,,,76,,,,,,Midi-Pyrénées,,high,source-a
cluster-c,Cluster C,living_lab,,,,,,,,,,,high,source-a
""",
    "programmes": """\
id,programme,year_announced,year_results,applications_received,laureates,total_amount_eur,funders,confidence,source_id
appel-2013,Appel 2013,2013,2014,10,2,200000,État,high,source-a
""",
    "pole_awards": """\
id,pole_id,programme_id,year,amount_eur,confidence,source_id
pole-a-appel-2013,pole-a,appel-2013,2013,100000,high,source-a
""",
    "support_schemes": """\
id,name,operator,level,coverage_codes,coverage_precision,category,targets,start_year,status,summary,region_code,region_at_the_time,coverage_note,amount_min_eur,amount_max_eur,rate_max_pct,confidence,source_id
aide-etat,Aide aide-etat,Porteur,etat,FR,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,,,,,,,high,source-a
aide-ue,Aide aide-ue,Porteur,ue,UE,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,,,,,,,high,source-a
aide-region,Aide aide-region,Porteur,region,REG-76,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,76,,,,,,high,source-a
aide-ancienne-region,Aide aide-ancienne-region,Porteur,region,ANCREG-82,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,84,Rhône-Alpes,,,,,high,source-a
aide-departements,Aide aide-departements,Porteur,departement,DEP-31|DEP-34,approche,appels_a_projets,ptce|ess,2014,closed,Une aide.,76,,territoire de projet,,,,high,source-a
aide-epci,Aide aide-epci,Porteur,epci,EPCI-200000001,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,84,,,1000,5000,80,high,source-a
aide-commune,Aide aide-commune,Porteur,epci,COM-34001,exact,appels_a_projets,ptce|ess,2014,closed,Une aide.,76,,,,,,high,source-a
""",
    "funding_figures": """\
id,entity_id,entity_kind,entity_uid,year,category,share_pct,total_budget_eur,base,nature,stage,base_note,share_min_pct,share_max_pct,entity_name,sample_size,amount_eur,confidence,source_id
pole-a-cotisations-2015,pole-a,ptce,pole:pole-a,2015,cotisations_membres,20,100000,budget_annuel,,,budget annuel,,,,,,high,source-a
pole-a-region-2015,pole-a,ptce,pole:pole-a,2015,subvention_region,30,,budget_annuel,fonctionnement,,budget annuel,25,35,,,,high,source-a
enquete-2020,enquete,ptce_sample,,2020,subventions_publiques_non_ventilees,43,,budget_annuel,,,moyenne,,,Pôles enquêtés,20,,high,source-a
lieu-b-investissement,lieu-b-bis,tiers_lieu,tiers_lieu:lieu-b-bis,,subvention_etat,,,investissement,investissement,,investissement,,,,,50000.5,high,source-a
""",
    "public_awards": """\
id,programme,funder,funder_level,beneficiary_name,beneficiary_kind,is_envelope,amount_basis,entity_uid,region_code,year,amount_eur,confidence,source_id
aide-lieu-a,Aide,Région,region,Lieu A,tiers_lieu,false,beneficiaire_nomme,tiers_lieu:lieu-a,84,2018,20000,high,source-a
appel-2013-enveloppe,Appel 2013,État,etat,2 lauréats,programme,true,enveloppe,,,2013,200000,high,source-a
""",
    "published_counts": """\
id,subject,scope,year,metric,value,unit,region_code,confidence,source_id
ptce-france-2020,ptce,France,2020,nombre_ptce,56,poles,,high,source-a
tiers-lieux-rural-2023,tiers_lieux,Occitanie,2023,part_rural,34,pct,76,high,source-a
""",
    "case_events": """\
id,entity_uid,date,event,figure,unit,confidence,source_id
pole-a-2012,pole:pole-a,2012-10/2014-02,Réunions,80,reunions,high,source-a
""",
    "temoins_reference": """\
pole_id,commune_insee,basis
pole-b,31001,Repère pour l'essai.
""",
    "glossary": """\
id,term,other_forms,definition,is_linked,related_ids,see_page,method,source_id
ptce,PTCE,pôle territorial de coopération économique,Un groupement.,true,tiers-lieu,carte,,source-a
tiers-lieu,tiers-lieu,,Un lieu partagé.,true,ptce,carte?section=carte,,source-b
rural,rural,,Un type calculé.,false,,territoires,docs/territoires.md,
""",
    "study_figures": """\
id,label,reported_count,reported_total,reported_pct,source_id
origin_citoyenne_associative,Origine citoyenne,9,12,,source-a
has_physical_place,Lieu vitrine,,,60,source-a
charismatic_leader,Personnalité motrice,9,12,,source-a
""",
    "label_waves": """\
id,label,name,definition,operator,level,region_code,start_year,end_year,status,labelled_count,next_ids,scheme_ids,programme_id,note,confidence,source_id
vague-a,prides,Vague A,Un label.,Porteur,region,76,2007,,unknown,12,vague-b,aide-region,,,high,source-a
vague-b,prides,Vague B,Un label.,Porteur,region,76,2014,2018,closed,,,,,,high,source-a
vague-appel,ptce,Vague de l’appel,Un label.,État,etat,,,,closed,,,,appel-2013,,high,source-a
""",
    "duplicates": """\
left_uid,right_uid,decision,keep_uid,reason,reviewed_on
cluster:cluster-a,pole:pole-a,meme_objet_lien,,Lu sur les deux lignes.,2026-11-22
tiers_lieu:lieu-b,tiers_lieu:lieu-b-bis,meme_objet_fusion,tiers_lieu:lieu-b,Lu sur les deux lignes.,2026-11-22
pole:pole-c,pole:pole-d,probable,,Lu sur les deux lignes.,2026-11-22
""",
    "region_codes": """\
region_code,name,locative,genitive,kind,position,lon,lat,source_id
84,Auvergne-Rhône-Alpes,en Auvergne-Rhône-Alpes,d’Auvergne-Rhône-Alpes,region_metropole,1,,,
76,Occitanie,en Occitanie,d’Occitanie,region_metropole,2,,,
978,Saint-Martin,à Saint-Martin,de Saint-Martin,collectivite_outre_mer,3,-63.06,18.08,source-a
""",
    "former_region_codes": """\
former_region_code,name,locative,genitive,region_code
82,Rhône-Alpes,en Rhône-Alpes,de Rhône-Alpes,84
83,Auvergne,en Auvergne,d’Auvergne,84
73,Midi-Pyrénées,en Midi-Pyrénées,de Midi-Pyrénées,76
91,Languedoc-Roussillon,en Languedoc-Roussillon,du Languedoc-Roussillon,76
""",
    "departement_codes": """\
departement_code,name,locative,genitive,region_code,former_region_code
69,Rhône,dans le Rhône,du Rhône,84,82
63,Puy-de-Dôme,dans le Puy-de-Dôme,du Puy-de-Dôme,84,83
31,Haute-Garonne,en Haute-Garonne,de la Haute-Garonne,76,73
34,Hérault,dans l’Hérault,de l’Hérault,76,91
""",
}


def tables() -> dict[str, Rows]:
    """Return the rows of every table but categories, as text, to be changed at will."""
    return {table: list(csv.DictReader(io.StringIO(text))) for table, text in _CSV.items()}


def registry() -> Rows:
    """Return the rows of the registry of values, which the mini folder shares with the real one."""
    with REGISTRY.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def hostile_tables() -> dict[str, Rows]:
    """Return the tables with hostile names and notes: one more object of each kind per name."""
    rows = tables()
    for table in ("poles", "tiers_lieux", "clusters", "support_schemes"):
        model = rows[table][0]
        for number, name in enumerate(HOSTILE_NAMES):
            texts = dict.fromkeys(
                ("name", "area_note", "note", "theme", "sector", "summary", "operator"), name
            )
            rows[table].append({**model, **texts, "id": f"hostile-{number}"})
    word = rows["glossary"][0]
    for number, name in enumerate(HOSTILE_NAMES):
        rows["glossary"].append(
            {**word, "id": f"hostile-{number}", "term": name, "other_forms": "", "definition": name}
        )
    rows["sources"][0]["publisher"] = HOSTILE_NAMES[0]
    return rows


def write(folder: Path, rows: Mapping[str, Rows] | None = None) -> Path:
    """Write a data folder with `rows` (by default the valid `tables()`) and return its path."""
    (folder / "codes").mkdir(parents=True, exist_ok=True)
    (folder / "geo").mkdir(exist_ok=True)
    shutil.copy(REGISTRY, folder / "codes" / "categories.csv")
    for table, content in (rows or tables()).items():
        write_table(folder, table, content)
    for level, content in _layer_files().items():
        (folder / "geo" / f"{level}.parquet").write_bytes(content)
    shutil.copy(REGISTRY.parents[1] / "territory_rules.toml", folder)
    write_tables(_types(), folder / "geo")
    return folder


@functools.cache
def _types() -> Classification:
    return classify(zoning())


def zoning() -> pd.DataFrame:
    """Return made-up inputs of the classifier: Alpha lost its industry, the others are of other types."""
    own = {
        "69001": LOST,
        "69002": {"density_level": 6, "cateaav2020": 20, "taav2017": 3},
        "63001": {"qpv_count": 2},
        "31001": {},
        "31002": {"density_level": 7},
        "34001": {"cateaav2020": 20, "taav2017": 2},
    }
    rows = []
    for commune in _COMMUNES:
        area = f"01{commune[3]}"
        place = {"commune_insee": commune[0], "population": commune[4], "epci_siren": commune[2] or None}
        place |= {"epci": f"CC {commune[2][-1:]}", "ze2020": area, "ze2020_label": f"Zone {area}"}
        rows.append({**PLAIN, **place, **own[commune[0]]})
    return pd.DataFrame(rows)


@functools.cache
def _layer_files() -> dict[str, bytes]:
    files = {}
    for level, layer in layers().items():
        buffer = io.BytesIO()
        layer.to_parquet(buffer)
        files[level] = buffer.getvalue()
    return files


def write_table(folder: Path, table: str, rows: Rows) -> None:
    """Write one table; keys that are not fields of the table are left out."""
    fields = [doc.name for doc in schema.describe(table)]
    with (folder / schema.PATHS[table]).open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fields, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def layers() -> dict[str, gpd.GeoDataFrame]:
    """Return the five levels: communes are squares, other levels their unions."""
    parents = {code: (region, former) for code, _, region, former in _DEPARTEMENTS}
    communes = gpd.GeoDataFrame(
        {
            "commune_insee": [c[0] for c in _COMMUNES],
            "name": [c[1] for c in _COMMUNES],
            "epci_siren": pd.Series([c[2] or None for c in _COMMUNES], dtype="str"),
            "departement_code": [c[3] for c in _COMMUNES],
            "region_code": [parents[c[3]][0] for c in _COMMUNES],
            "former_region_code": [parents[c[3]][1] for c in _COMMUNES],
            "population": [c[4] for c in _COMMUNES],
            "area_km2": 87.5,
        },
        geometry=[
            shapely.box(2 + c[5] / 10, 45 + c[6] / 10, 2.1 + c[5] / 10, 45.1 + c[6] / 10) for c in _COMMUNES
        ],
        crs="EPSG:4326",
    )
    parts = {"communes": communes}
    names = {
        "epci": (
            "epci_siren",
            {s: f"CC {s[-1]}" for s in communes["epci_siren"].dropna()},
            ["departement_code", "region_code", "former_region_code"],
        ),
        "departements": (
            "departement_code",
            {d[0]: d[1] for d in _DEPARTEMENTS},
            ["region_code", "former_region_code"],
        ),
        "regions": ("region_code", {r[0]: r[1] for r in _REGIONS}, []),
        "former_regions": ("former_region_code", {r[0]: r[1] for r in _FORMER}, ["region_code"]),
    }
    for level, (key, labels, kept) in names.items():
        known = communes.dropna(subset=[key])
        merged = known[[key, "geometry", "population", "area_km2", *kept]].dissolve(
            key,
            aggfunc={"population": "sum", "area_km2": "sum", **dict.fromkeys(kept, "first")},
            as_index=False,
        )
        merged["name"] = merged[key].map(labels)
        if level == "epci":
            merged["kind"] = "CC"
        parts[level] = merged
    for layer in parts.values():
        inside = layer.geometry.representative_point()
        layer["lon"], layer["lat"] = inside.x, inside.y
    return parts
