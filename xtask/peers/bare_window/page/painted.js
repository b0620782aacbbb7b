/** Marks the second animation frame, when the first has been drawn, under the names that the app's page uses. */
requestAnimationFrame(() =>
  requestAnimationFrame(() => {
    performance.mark("list-painted");
    document.documentElement.dataset.ready = "list";
  }),
);
