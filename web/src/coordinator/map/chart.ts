// Chart: the map itself, drawn by MapLibre; brought when a map is first shown.

import { Map as Drawn, ScaleControl, setWorkerUrl, type LayerSpecification, type StyleSpecification } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { DEEPEST, TILES } from "virtual:background";
import { session } from "../../session";
import { DIVERSITY, NOTHING_KNOWN, STATES } from "../colours";
import type { FeatureCollection } from "geojson";
import type { Spaces, Ties } from "./types";

setWorkerUrl(worker);

const [LAND, SEA, COAST] = ["#f4efe6", "#d3e0e4", "#a9bdc3"];
const SOURCES = "Natural Earth · GeoNames (CC BY 4.0)";
const FEW = 600; // beyond so many features, tiles are quicker than one file
const FIT = { padding: { top: 40, bottom: 76, left: 60, right: 60 }, maxZoom: 16 }; // scale and sources lie at the bottom
const SMALLEST = 6; // px, of circles
const LARGEST = 30;
const DOT = 2.2; // px, of a dotted line
const LETTER = 13; // px
const NAMED = 14; // the zoom from which thousands of spaces have room for names

export interface Shown {
  spaces: Spaces;
  ties: Ties;
  tiles: string; // the address of vector tiles with the same content
}

export interface Chart {
  show(what: Shown): void;
  zoom(by: number): void;
  whole(): void;
  move(east: number, south: number): void; // in thirds of what is seen
  pick(id: string): void;
  remove(): void;
}

/** Draw a map into an element, where the spaces are; `onPick` hears which of them was pressed. */
export function draw(element: HTMLElement, basemap: string, bounds: Spaces["bbox"], onPick: (id: string) => void): Chart {
  const map = new Drawn({
    container: element,
    style: basemap || plain(),
    ...(bounds && { bounds, fitBoundsOptions: FIT }),
    attributionControl: { compact: false },
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: false,
    fadeDuration: 0,
    transformRequest: (url) => (url.startsWith(`${location.origin}/api/`) ? { url, cache: "no-store", headers: { Authorization: `Bearer ${session.get().token}` } } : { url }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
  map.getCanvas().setAttribute("aria-hidden", "true"); // the table says the same
  map.getCanvas().tabIndex = -1;
  let box = bounds;
  let isReady = false;
  let next: Shown | null = null;
  const put = () => {
    if (!next || !isReady) return;
    const shown = next;
    next = null;
    box = shown.spaces.bbox;
    fill(map, shown);
    element.dataset["drawn"] = "no";
    map.once("idle", () => (element.dataset["drawn"] = "yes"));
  };
  const whole = () => {
    if (box) map.fitBounds(box, { ...FIT, animate: false });
  };
  map.on("style.load", () => {
    isReady = true;
    put();
  });
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["spaces", "areas"].filter((name) => map.getLayer(name)) });
    if (found) onPick(String(found.properties["id"]));
  });
  return {
    show(what) {
      next = what;
      put();
    },
    zoom: (by) => map.zoomTo(map.getZoom() + by, { animate: false }),
    whole,
    move: (east, south) => map.panBy([(east * element.clientWidth) / 3, (south * element.clientHeight) / 3], { animate: false }),
    pick(id) {
      if (map.getLayer("picked")) map.setFilter("picked", ["==", ["get", "id"], id]);
    },
    remove: () => map.remove(),
  };
}

/** Coasts and the names of towns, from here: no street is asked of anybody outside. */
function plain(): StyleSpecification {
  const ground = (colour: string): LayerSpecification => ({ id: "ground", type: "background", paint: { "background-color": colour } });
  if (!TILES) return { version: 8, sources: {}, layers: [ground(LAND)] };
  const from = { source: "background", "source-layer": "land" };
  return {
    version: 8,
    sources: { background: { type: "vector", tiles: [location.origin + TILES], maxzoom: DEEPEST, attribution: SOURCES } },
    layers: [
      ground(SEA),
      { id: "land", type: "fill", ...from, paint: { "fill-color": LAND } },
      { id: "coast", type: "line", ...from, paint: { "line-color": COAST, "line-width": 1 } },
      {
        id: "towns",
        type: "symbol",
        source: "background",
        "source-layer": "towns",
        filter: [">=", ["get", "people"], ["step", ["zoom"], 100_000, 6, 30_000, 8, 8_000, 10, 0]],
        layout: { "text-field": ["get", "name"], "text-size": 12, "text-letter-spacing": 0.06, "symbol-sort-key": ["-", ["get", "people"]] },
        paint: { "text-color": "#6b625b", "text-halo-color": LAND, "text-halo-width": 1.4 },
      },
    ],
  };
}

function fill(map: Drawn, { spaces, ties, tiles }: Shown): void {
  for (const name of ["picked", "names", "spaces", "areas", "ties-single", "ties-lapsed", "ties-live"]) if (map.getLayer(name)) map.removeLayer(name);
  const isLarge = spaces.features.length + ties.features.length > FEW;
  for (const name of ["spaces", "ties", "tiles"]) if (map.getSource(name)) map.removeSource(name);
  if (isLarge) map.addSource("tiles", { type: "vector", tiles: [tiles], maxzoom: 16 });
  else {
    map.addSource("spaces", { type: "geojson", data: spaces as FeatureCollection });
    map.addSource("ties", { type: "geojson", data: { type: "FeatureCollection", features: ties.features.filter((each) => each.geometry) } as FeatureCollection });
  }
  const from = (name: string) => (isLarge ? { source: "tiles", "source-layer": name } : { source: name });
  const most = Math.max(1, ...spaces.features.map((each) => each.properties.crossing_contact ?? 0));
  addTies(map, from("ties"));
  addSpaces(map, from("spaces"), most, isLarge);
}

type From = { source: string; "source-layer"?: string };

function addTies(map: Drawn, from: From): void {
  const width = ["interpolate", ["linear"], ["get", "times"], 1, 1, 20, 4];
  const dashes = { live: null, lapsed: [4, 2], single: [0.1, 2.2] } as const;
  for (const state of ["lapsed", "single", "live"] as const) {
    map.addLayer({
      id: `ties-${state}`,
      type: "line",
      ...from,
      filter: ["==", ["get", "state"], state],
      layout: { "line-cap": state === "single" ? "round" : "butt" },
      paint: {
        "line-color": STATES[state],
        "line-opacity": state === "single" ? 0.7 : 0.38,
        "line-width": state === "single" ? DOT : (width as never),
        ...(dashes[state] ? { "line-dasharray": [...dashes[state]] } : {}),
      },
    });
  }
}

function addSpaces(map: Drawn, from: From, most: number, isLarge: boolean): void {
  const known = ["coalesce", ["get", "diversity"], -1];
  const colour = ["step", known, NOTHING_KNOWN, ...DIVERSITY.flat()];
  const contact = ["sqrt", ["/", ["coalesce", ["get", "crossing_contact"], 0], most]];
  const [least, largest] = isLarge ? [SMALLEST / 2, LARGEST / 2] : [SMALLEST, LARGEST];
  const radius = ["interpolate", ["linear"], contact, 0, least, 1, largest];
  map.addLayer({
    id: "areas",
    type: "fill",
    ...from,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour as never, "fill-opacity": 0.6, "fill-outline-color": "#2a2522" },
  });
  const circle = { "circle-radius": radius as never, "circle-stroke-color": "#2a2522" };
  map.addLayer({
    id: "spaces",
    type: "circle",
    ...from,
    filter: ["==", ["geometry-type"], "Point"],
    layout: { "circle-sort-key": ["-", ["coalesce", ["get", "crossing_contact"], 0]] },
    paint: { ...circle, "circle-color": colour as never, "circle-opacity": 0.88, "circle-stroke-width": 1.2 },
  });
  map.addLayer({
    id: "names",
    type: "symbol",
    ...from,
    minzoom: isLarge ? NAMED : 0,
    layout: {
      "text-field": ["get", "name"],
      "text-size": LETTER,
      "text-variable-anchor": ["top", "bottom", "left", "right"],
      "text-radial-offset": ["+", 0.5, ["/", radius, LETTER]] as never, // outside its circle
      "text-max-width": 9,
      "symbol-sort-key": ["-", ["coalesce", ["get", "crossing_contact"], 0]],
    },
    paint: { "text-color": "#2a2522", "text-halo-color": "#fbf8f3", "text-halo-width": 1.6 },
  });
  map.addLayer({
    id: "picked",
    type: "circle",
    ...from,
    filter: ["==", ["get", "id"], ""],
    paint: { ...circle, "circle-color": "transparent", "circle-stroke-color": "#8c1d18", "circle-stroke-width": 4 },
  });
}
