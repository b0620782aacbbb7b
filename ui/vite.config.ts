/**
 * Builds the window's page, runs its unit tests and serves it to the page tests.
 * `#backend` is the one seam: Tauri's IPC in the app, an in-memory stand-in under the modes `fake` and `test`.
 * Absent on purpose: source maps and inlined assets (the CSP allows neither eval nor data: fonts).
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { firstPicture } from "./plugins/first_picture.ts";
import { plainIcons } from "./plugins/plain_icons.ts";

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The policy the app runs under, so that the page tests break where the app would. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types svelte-trusted-html",
].join("; ");

export default defineConfig(({ mode }) => {
  const pretend = mode === "fake" || mode === "test";
  return {
    root: file("."),
    plugins: [plainIcons(), tailwindcss(), svelte(), firstPicture(), ...(mode === "test" ? [svelteTesting()] : [])],
    resolve: { alias: { "#backend": file(pretend ? "src/ipc/fake.ts" : "src/ipc/tauri.ts") } },
    build: {
      target: "safari16",
      outDir: mode === "fake" ? "dist-fake" : "dist",
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // What the first picture needs comes in one file: each further one is one more message through the window's own scheme.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: "main", tags: ["$initial"] }] } } },
    },
    clearScreen: false,
    server: { port: 1420, strictPort: true, host: "127.0.0.1" },
    preview: { port: 0, host: "127.0.0.1", headers: { "Content-Security-Policy": policy } },
    test: {
      environment: "happy-dom",
      include: ["tests/**/*.test.ts"],
      globalSetup: ["tests/picture_markup.ts"],
      restoreMocks: true,
    },
  };
});
