"""Filled studies of real perimeters: what a user would have chosen and typed, for the tests of the documents."""

from __future__ import annotations

import datetime

from ptce_data.budget import Budget, Line
from ptce_data.study import (
    AfomItem,
    Annotation,
    ChallengeNote,
    LogicAnswer,
    Override,
    OwnPlace,
    PartText,
    Perimeter,
    Scenario,
    Score,
    Step,
    Study,
    new,
)

TODAY = datetime.date(2026, 11, 22)
#: Name -> Siren of the EPCI: deindustrialised, rural, overseas.
EPCI = {"lens": "246200364", "redon": "243500741", "ouest": "249740101"}
TITLES = {
    "lens": "Un cluster d’innovation sociale en Lens-Liévin",
    "redon": "Un pôle coopératif en pays de Redon",
    "ouest": "Un cluster d’innovation sociale à l’ouest de La Réunion",
}


def budget(name: str, gap: float = 0.0) -> Budget:
    """Three years, public money that ends, volunteer time apart; `gap` euros are lacking the first year."""
    return Budget(
        name,
        (2027, 2028, 2029),
        (
            Line("Cotisations des membres", "ressource", "cotisations_membres", (12000.0, 15000.0, 18500.5)),
            Line("Région, appel à projets", "ressource", "subvention_region", (60000.0, 50000.0, 0.0), "projet", ends_year=2028),
            Line("Intercommunalité", "ressource", "subvention_commune_epci", (40000.0, 40000.0, 40000.0), "fonctionnement"),
            Line("Loyers et prestations", "ressource", "ressources_propres_prestations", (38000.0, 45000.0, 71499.5)),
            Line("Temps donné", "ressource", "benevolat", (9000.0, 9000.0, 9000.0), is_volunteer=True),
            Line("Salaires et charges", "emploi", "personnel", (98000.0 + gap, 100000.0, 96000.0)),
            Line("Loyer et énergie", "emploi", "locaux", (30000.0, 30000.0, 28000.0)),
            Line("Études et animation", "emploi", "achats_services", (22000.0, 20000.0, 6000.0)),
            Line("Temps donné", "emploi", "benevolat", (9000.0, 9000.0, 9000.0), is_volunteer=True),
        ),
    )  # fmt: skip


def filled(name: str, commune: str, around: str, hidden: str, pole: str, peer: str) -> Study:
    """A study with something in every step."""
    return new(
        TITLES[name],
        TODAY,
        Perimeter(epci=(EPCI[name],), zone_km=20.0),
        organisation="Conseil régional (exemple)",
        places=(
            OwnPlace(id="friche", name="La Friche en commun", kind="fablab", status="planned", commune=commune,
                     note="Atelier prévu en 2028.", source="Délibération de 2026"),
            OwnPlace(id="vitrine", name="La Vitrine des coopératives", kind="showroom", commune=commune),
            OwnPlace(id="campus", name="Laboratoire citoyen", kind="recherche_citoyenne", commune=around),
        ),
        annotations=(
            *((Annotation(uid=hidden, hidden=True),) if hidden else ()),
            *((Annotation(uid=pole, note="Visité en 2026.", correction="Le siège a déménagé."),) if pole else ()),
        ),
        arrangement=(
            Override(element="pepiniere", status="missing", note="Fermée en 2021."),
            Override(element="mecenat_rse", status="planned", note="Deux fondations approchées."),
        ),
        inspiring_poles=("pole:pole-sud-aquitaine", "pole:lille-metropole-solidaire"),
        peers=(peer,),
        scenarios=(
            Scenario(id="a", name="Scénario progressif", note="Commencer par un lieu, puis étendre.", budget=budget("Progressif"),
                     amount_eur=60000.0, project_kind="ptce", needs=("accompagnement_financement",), schemes=("dla",)),
            Scenario(id="b", name="Scénario ambitieux", note="Deux lieux dès la première année.", budget=budget("Ambitieux", 1500.0),
                     amount_eur=150000.0, project_kind="tiers_lieux"),
        ),
        assessment=(
            Score(objective="ancrage_territorial", score=4, comment="Né des habitants.", evidence="Enquête de 2025."),
            Score(objective="partenariats", score=1, comment="Peu d’entreprises.", evidence=""),
            Score(objective="cooperer_mutualiser", score=2, comment="Un véhicule partagé."),
            Score(objective="recherche_developpement", score=0),
        ),
        logics=(LogicAnswer(logic="mutualisation", holds=True, comment="Des locaux."), LogicAnswer(logic="filiere", holds=False)),
        challenges=(ChallengeNote(challenge="utilite", note="Une évaluation est prévue avec l’université."),),
        afom=(
            AfomItem(id="1", list="atout", text="Un tissu associatif dense."),
            AfomItem(id="2", list="faiblesse", text="Peu de locaux disponibles."),
            AfomItem(id="3", list="menace", text="La fin des aides en 2028."),
        ),
        roadmap=(
            Step(id="1", label="Concertation", start="2027-01", end="2027-06", lead="Intercommunalité", note="Quatre ateliers."),
            Step(id="2", label="Ouverture de la Friche", start="2028-03", end="2028-12", lead="Association porteuse"),
            Step(id="3", label="Évaluation", end="2029-12"),
        ),
        texts=(
            PartText(part="objet", text="Cette étude demande si un cluster peut naître ici.\n\nElle regarde :\n- les lieux ;\n- l’argent ;\n- les personnes."),
            PartText(part="feuille_de_route", text="Trois ans pour ouvrir."),
        ),
    )  # fmt: skip


def lens() -> Study:
    """CA de Lens-Liévin: deindustrialised."""
    return filled("lens", "62498", "62427", "", "pole:lille-metropole-solidaire", "epci:245900428")


def redon() -> Study:
    """CA Redon Agglomération: rural."""
    return filled("redon", "35236", "35168", "", "pole:eoliennes-en-pays-de-vilaine", "epci:200067361")


def ouest() -> Study:
    """CA Territoire de la Côte Ouest, La Réunion."""
    return filled("ouest", "97415", "97407", "", "", "epci:249740119")
