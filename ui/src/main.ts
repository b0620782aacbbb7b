/**
 * Starts the page: asks Rust at once, sets the theme that was last seen (so nothing flashes), then draws, in the place of the first
 * picture where one stands. Absent on purpose: waiting for any answer before drawing.
 */
import "./ipc/first";
import "./app.css";
import { flushSync, mount } from "svelte";
import { takeOver } from "./first/take_over";
import App from "./frame/App.svelte";
import { app } from "./frame/app_state.svelte";
import { applyTheme, rememberedTheme } from "./frame/theme";
import { directory } from "./merchants/directory.svelte";

applyTheme(rememberedTheme());

// Before anything is drawn, so that what came with the page is drawn at once.
app.start();
directory.start();

const target = document.getElementById("app");
if (!target) throw new Error("index.html has #app");
takeOver(target, () => {
  mount(App, { target });
  flushSync();
});
