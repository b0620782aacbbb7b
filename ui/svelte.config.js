/**
 * How Svelte compiles: runes everywhere, so that Svelte 4 habits are compile errors.
 * Absent on purpose: preprocessors (TypeScript in templates is understood by Svelte itself).
 */
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess({ script: false, style: false }),
  compilerOptions: { runes: true },
};
