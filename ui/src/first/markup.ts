/**
 * Draws the main screen of the example as markup, from the app's own components: plugins/first_picture.ts calls it while the page is built.
 * Absent on purpose: markup. Whatever a component changes, the picture changes with it.
 */
import { render } from "svelte/server";
import App from "../frame/App.svelte";
import { app } from "../frame/app_state.svelte";
import { directory } from "../merchants/directory.svelte";

export function markup(): string {
  app.start();
  directory.start();
  return render(App).body;
}
