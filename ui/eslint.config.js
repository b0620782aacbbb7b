/**
 * Lint rules: strict TypeScript, Svelte's own, and the two walls of this folder (only src/ipc knows Tauri; outside text is never HTML).
 * Absent on purpose: style rules, which are Prettier's.
 */
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const noTauri = {
  patterns: [{ group: ["@tauri-apps/*"], message: "Only src/ipc talks to Tauri; use the Backend interface." }],
};

export default ts.config(
  { ignores: ["dist/", "dist-fake/", "pictures-out/", "node_modules/", "isolation/", "src/ipc/bindings.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-imports": ["error", noTauri],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text from outside is rendered as text." },
        { property: "outerHTML", message: "Text from outside is rendered as text." },
      ],
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "off",
      // Style directives go through el.style, which the CSP allows; a style attribute does not.
      "no-restricted-syntax": [
        "error",
        {
          selector: "SvelteAttribute[key.name='style']",
          message: "The CSP refuses style attributes; use style:property.",
        },
      ],
      // Plain maps and sets are plain on purpose: they are no part of what is shown.
      "svelte/prefer-svelte-reactivity": "off",
      // Control characters are what these expressions look for.
      "no-control-regex": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  { files: ["src/ipc/**"], rules: { "no-restricted-imports": "off" } },
  {
    files: ["pages/**", "*.config.*", "tests/**"],
    languageOptions: { globals: { ...globals.node } },
    rules: {
      "no-console": "off",
      "max-lines-per-function": "off",
      "no-restricted-properties": "off",
      "@typescript-eslint/explicit-module-boundary-types": "off",
    },
  },
);
