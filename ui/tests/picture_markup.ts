/**
 * Draws the first picture's markup once for all tests, outside of their pretended browser, as the build does.
 * Absent on purpose: filling it; tests/first_picture.test.ts does that as the page's script does.
 */
import type { TestProject } from "vitest/node";
import { markup } from "../plugins/first_picture";

declare module "vitest" {
  export interface ProvidedContext {
    picture: string;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide("picture", await markup());
}
