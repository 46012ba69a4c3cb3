/** A command of ours as `npm start` runs it. The new spaces of its process have one size, as in its children. */
export const DESK_COMMAND = [
  "--min-semi-space-size=2",
  "--max-semi-space-size=2",
  "--import",
  "tsx",
  "server/cli/main.ts",
] as const;
