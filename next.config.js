import { existsSync, mkdirSync, writeFileSync } from "node:fs";

// Next writes into the tsconfig it is given; ours stays as it is.
const tsconfigPath = "dist/tsconfig.json";
if (!existsSync(tsconfigPath)) {
  mkdirSync("dist", { recursive: true });
  writeFileSync(tsconfigPath, '{ "extends": "../tsconfig.json" }\n');
}

/** @type {import("next").NextConfig} */
const config = {
  // Types are checked by `npm run check`: once is enough.
  typescript: { ignoreBuildErrors: true, tsconfigPath },
  distDir: process.env.CROSSDESK_DIST ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  // Native parts, and what finds its own files at run time.
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "lmdb", "msgpackr"],
  devIndicators: false,
  // A browser that shows a page before it has read its head asks for the icon by its old name.
  rewrites: () => Promise.resolve([{ source: "/favicon.ico", destination: "/icon.svg" }]),
};

export default config;
