"""What the server does by itself: memory read from the system, time to make the map's script."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import folium
import numpy as np
from streamlit_folium import generate_leaflet_string

from ptce_data.load import load
from ptce_ui import maps
from ptce_ui.text import escape_html

#: Yardsticks run with Streamlit's own settings: ours are part of what is measured.
AS_IT_COMES = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}


def pid_listening(port: int) -> int:
    """Process that listens on a port of 127.0.0.1, from /proc."""
    wanted = f"{port:04X}"
    inode = next(
        row.split()[9]
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if row.split()[1].endswith(f":{wanted}") and row.split()[3] == "0A"
    )
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(link.readlink()) == f"socket:[{inode}]" for link in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue
    raise LookupError(f"aucun processus n’écoute sur {port}")


def resident_mb(pid: int) -> float:
    """Resident memory of a process, in MB."""
    row = next(r for r in Path(f"/proc/{pid}/status").read_text().splitlines() if r.startswith("VmRSS"))
    return int(row.split()[1]) / 1024


def median_time(make: Callable[[], object], rounds: int) -> float:
    """Median time of `make`, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        make()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def ratio() -> float:
    """How many times longer one marker per place takes to become a script than our layer does."""
    places = load().places
    placed = places[places["geo_precision"] != "aucune"]

    def naive() -> None:
        made = folium.Map(location=(46.6, 2.4), zoom_start=5, tiles=None, max_zoom=18)
        for row in placed.itertuples():
            folium.CircleMarker((row.lat, row.lon), radius=4, tooltip=escape_html(row.name)).add_to(made)
        made.get_root().render()
        generate_leaflet_string(made)

    def ours() -> None:
        made = maps.base_map("v")
        shown = np.ones(len(places), dtype=bool)
        maps.layers(maps.Points("gen/v/places.json", shown), maps.Areas("r.json", "regions")).add_to(made)
        made.get_root().render()
        generate_leaflet_string(made)

    return median_time(naive, 3) / median_time(ours, 20)
