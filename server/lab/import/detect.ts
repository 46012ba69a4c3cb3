/** Which importer a folder belongs to. */
import { UserError } from "../../contract/errors.ts";
import type { Importer } from "./importer.ts";

/** For a source of fixed files: all of them, undefined when the folder has none, UserError when one is missing. */
export function requireAll(
  wanted: readonly string[],
  files: readonly string[],
): readonly string[] | undefined {
  const missing = wanted.filter((file) => !files.includes(file));
  if (missing.length === wanted.length) return undefined;
  if (missing.length > 0)
    throw new UserError(`${missing.join(", ")} is missing in the folder: fetch the source again`);
  return wanted;
}

/** `format` names an importer, or is "auto": then the first whose files are there. */
export function chooseImporter(
  importers: readonly Importer[],
  dir: string,
  files: readonly string[],
  format: string,
): { readonly importer: Importer; readonly files: readonly string[] } {
  const candidates = format === "auto" ? importers : importers.filter((importer) => importer.name === format);
  if (candidates.length === 0)
    throw new UserError(
      `there is no format ${format}; known: auto, ${importers.map((i) => i.name).join(", ")}`,
    );
  for (const importer of candidates) {
    const found = importer.detect(files);
    if (found !== undefined) return { importer, files: found };
  }
  const known = candidates.map((importer) => `${importer.name} (${importer.looksLike})`).join("; ");
  throw new UserError(`${dir} is no folder of a known format: ${known}`);
}
