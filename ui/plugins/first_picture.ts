/**
 * Puts the first picture into the built page: the main screen's markup, drawn once by the app's own components, and the small classic
 * script that fills and shows it, which fetches the app afterwards (docs/decisions/0007-first-picture.md).
 * Absent on purpose: the picture while developing; there the page starts the app at once.
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { Window } from "happy-dom";
import { fileURLToPath } from "node:url";
import { build, createServer, type Plugin, type Rolldown } from "vite";
import { plainIcons } from "./plain_icons.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const SCRIPT = "assets/first.js";
const APP = /\s*<script type="module" crossorigin src="([^"]+)"><\/script>/;
const PLACE = '<div id="app"></div>';

export function firstPicture(): Plugin {
  return {
    name: "first-picture",
    apply: "build",
    async buildStart() {
      this.emitFile({ type: "asset", fileName: SCRIPT, source: await script() });
    },
    transformIndexHtml: {
      order: "post",
      async handler(html) {
        const app = APP.exec(html)?.[1];
        if (app === undefined || !html.includes(PLACE))
          throw new Error("index.html is not as the first picture needs it");
        const picture = `<template id="picture">${await markup()}</template>`;
        const start = `<script src="/${SCRIPT}" data-app="${app}"></script>`;
        return html.replace(APP, "").replace(PLACE, () => `${PLACE}\n    ${picture}\n    ${start}`);
      },
    },
  };
}

/** Compiles the script that shows the picture, in one classic file without imports. */
async function script(): Promise<string> {
  const made = await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      write: false,
      target: "safari16",
      lib: { entry: `${root}src/first/picture.ts`, formats: ["iife"], name: "picture" },
    },
  });
  const [first] = made as Rolldown.RolldownOutput[];
  const [chunk, ...more] = first?.output ?? [];
  if (!chunk || more.length > 0) throw new Error("the first picture's script is one file");
  return chunk.code;
}

/** Draws the markup as a server would, in a document that holds the example's answers. */
export async function markup(): Promise<string> {
  const own = process.env.NODE_ENV;
  // What Svelte adds for developers is no part of the picture.
  process.env.NODE_ENV = "production";
  const server = await createServer({
    configFile: false,
    root,
    logLevel: "warn",
    appType: "custom",
    plugins: [plainIcons(), svelte({ configFile: `${root}svelte.config.js`, prebundleSvelteLibraries: false })],
    resolve: { alias: { "#backend": `${root}src/ipc/tauri.ts` } },
    server: { middlewareMode: true, ws: false, watch: null },
    ssr: { noExternal: ["@lucide/svelte"] },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  const leave = pretend(JSON.stringify((await server.ssrLoadModule("/src/first/example.ts")).example));
  try {
    const drawn: unknown = (await server.ssrLoadModule("/src/first/markup.ts")).markup();
    return plain(String(drawn));
  } finally {
    leave();
    process.env.NODE_ENV = own;
    await server.close();
  }
}

/** Gives the components the document that they find in a window, and returns what takes it away again. */
function pretend(answers: string): () => void {
  const window = new Window();
  const block = window.document.createElement("script");
  block.id = "first-answers";
  block.type = "application/json";
  block.textContent = answers;
  window.document.head.append(block);
  const { document, localStorage } = window;
  const before = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  const names = { window, document, localStorage };
  for (const [name, value] of Object.entries(names))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    for (const name of Object.keys(names)) {
      const own = before.find(([other]) => other === name)?.[1];
      if (own) Object.defineProperty(globalThis, name, own);
      else Reflect.deleteProperty(globalThis, name);
    }
    void window.happyDOM.close();
  };
}

/** Without the marks that Svelte leaves for a hydration, and without style attributes: the content policy refuses them. */
const plain = (markup: string): string => markup.replace(/<!--.*?-->/gs, "").replace(/ style="[^"]*"/g, "");
