/** The doctor of the pretended backend, and its bundle. */
import type { Backend } from "./backend";
import { DOCTOR } from "./fake_data";

export type DoctorCommands = Pick<Backend, "doctor" | "doctorBundle" | "doctorBundleSave">;

/** The commands, each answering as the rest of the pretence does. */
export const doctored = (answer: () => Promise<void>): DoctorCommands => ({
  doctor: async () => {
    await answer();
    return { lines: DOCTOR };
  },
  doctorBundle: async () => {
    await answer();
    return `${JSON.stringify({ bundle: 1, app: "gatehouse-desktop 0.1.0", doctor: DOCTOR }, null, 2)}\n`;
  },
  doctorBundleSave: () => Promise.resolve("gatehouse-doctor.json"),
});
