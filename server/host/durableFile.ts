/** Small files that are there whole or not at all, also after a power cut. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** `mode` is that of a new file, before the umask. */
export function writeDurably(path: string, text: string, mode = 0o666): void {
  const written = openSync(`${path}.new`, "w", mode);
  try {
    writeSync(written, text);
    fsyncSync(written);
  } finally {
    closeSync(written);
  }
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
