import packageJson from "../../package.json" with { type: "json" };

/** The code that a run was made with; a replay under another version is told so. */
export const CODE_VERSION = packageJson.version;
