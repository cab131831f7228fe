import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console, built into web/dist: what Hosting serves. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Firestore brings a regular-expression engine for pipelines that run offline, a tenth of all that is loaded; nothing here asks for one.
  resolve: {
    alias: { re2js: join(import.meta.dirname, "src/lib/firestore/noRe2.ts") },
  },
  build: { target: "es2022", sourcemap: true, chunkSizeWarningLimit: 900 },
});
