/**
 * Starts the page: asks Rust at once, sets the theme that was last seen (so nothing flashes), then draws.
 * Absent on purpose: waiting for any answer before drawing.
 */
import "./ipc/first";
import "./app.css";
import { mount } from "svelte";
import App from "./frame/App.svelte";
import { applyTheme, rememberedTheme } from "./frame/theme";

applyTheme(rememberedTheme());

const target = document.getElementById("app");
if (!target) throw new Error("index.html has #app");
mount(App, { target });
