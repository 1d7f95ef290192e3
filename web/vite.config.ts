// Build: hashed files under dist/, each with a gzip and a brotli twin, and the service worker.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { background } from "./background.ts";

const TEXT = /\.(js|css|html|svg|json|webmanifest|mvt)$/;
const SMALLEST_WORTH = 1_000; // bytes

/** Every file of a folder and its folders. */
function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

/** What each language calls itself, so that nobody has to fetch a catalogue to be offered it. */
function languages(): Plugin {
  const folder = new URL("src/words/", import.meta.url).pathname;
  return {
    name: "weft-languages",
    resolveId: (id) => (id === "virtual:languages" ? `\0${id}` : null),
    load(id) {
      if (id !== "\0virtual:languages") return null;
      const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
      const names = files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), "utf8")).language]);
      return `export default ${JSON.stringify(Object.fromEntries(names))}`;
    },
  };
}

/** `sw.js` with the list of what a phone keeps: all but the coordinator's parts. */
function serviceWorker(): Plugin {
  const needed: string[] = [];
  return {
    name: "weft-service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        const from = part.type === "chunk" ? [...part.moduleIds, part.facadeModuleId ?? ""] : [];
        const isLater = from.some((id) => /\/src\/coordinator\/|maplibre/.test(id))
          || (part.type === "asset" && [part.fileName, ...part.names].some((name) => /coordinator|maplibre|chart|background/.test(name)));
        if (!isLater && part.fileName !== "index.html") needed.push(`/start/${part.fileName}`);
      }
    },
    writeBundle({ dir }) {
      const files = ["/start", "/start/mark.svg", "/start/manifest.webmanifest", ...needed.sort()];
      const page = readFileSync(join(dir!, "index.html"));
      const stamp = createHash("sha256").update(page).update(files.join()).digest("hex").slice(0, 12);
      const source = readFileSync(new URL("sw.js", import.meta.url), "utf8");
      writeFileSync(
        join(dir!, "sw.js"),
        source.replace("__FILES__", JSON.stringify(files)).replace("__STAMP__", stamp),
      );
    },
  };
}

/** Compressed here once, as well as it goes, rather than at every request. */
function twins(): Plugin {
  return {
    name: "weft-twins",
    apply: "build",
    enforce: "post",
    closeBundle() {
      for (const path of filesOf(new URL("dist", import.meta.url).pathname)) {
        const body = readFileSync(path);
        if (!TEXT.test(path) || body.length < SMALLEST_WORTH) continue;
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: path.endsWith(".mvt") ? 8 : 11 }; // there are many tiles
        writeFileSync(`${path}.br`, brotliCompressSync(body, { params: quality }));
      }
    },
  };
}

export default defineConfig({
  base: "/start/",
  plugins: [languages(), background(), serviceWorker(), twins()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1200 },
  test: { environment: "node", pool: "threads", setupFiles: ["tests/setup.ts"] },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
