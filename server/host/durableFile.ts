/** Small files that are there whole or not at all, also after a power cut. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";

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
  syncFolder(dirname(path));
}

/** Makes a folder and those above it that are missing; all of them are there after a power cut. */
export function makeFolderDurably(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  const top = resolve(first);
  for (let made = resolve(path); made.length >= top.length; made = dirname(made)) syncFolder(dirname(made));
}

/** The names in a folder are on the disk only once the folder itself is. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
