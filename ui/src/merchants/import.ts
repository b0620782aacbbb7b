/**
 * Starts the import: Rust shows the file dialog and reads the file; here the result is shown.
 * Absent on purpose: the file's path and contents.
 */
import { backend } from "#backend";
import { dialogs, notices } from "../frame/dialogs.svelte";
import { directory } from "./directory.svelte";

export async function importMerchants(): Promise<void> {
  try {
    const view = await backend.merchantsImport();
    if (!view) return;
    directory.refresh();
    dialogs.open({ kind: "import", view });
  } catch (thrown) {
    notices.failed(thrown);
  }
}
