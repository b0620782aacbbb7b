/** Types of Vite's own imports. Absent on purpose: anything of ours. */
/// <reference types="vite/client" />
