/**
 * The file that a child process writes its output to, and one older file beside it. The child holds the file open for
 * as long as it lives, so a full one is copied and emptied under it: it goes on at the new end, as the file was
 * opened to append.
 */
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** A day of a talkative child; two such files a child are kept at most. */
export const LOG_FILE_BYTES_MAX = 16 * 1024 * 1024;

/** A child that writes a thousand lines a second has written some MB more than it should by then. */
const LOOK_EVERY_MS = 30_000;

/** What a child can have written while the file was copied; more is copied in as many pieces. */
const PIECE_BYTES = 64 * 1024;

/** Opened to append; a full one from before is put aside first, or goes on as it is when that fails. */
export function openLogFile(path: string, onFailure: (error: unknown) => void): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    rotateLogFile(path);
  } catch (error) {
    onFailure(error);
  }
  return openSync(path, "a", 0o600);
}

/** Keeps the file small while it is written to; gives its stop. */
export function watchLogFile(path: string, onFailure: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    try {
      rotateLogFile(path);
    } catch (error) {
      onFailure(error);
    }
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Whether the file was full. A line that is written in the microseconds between the last look and the emptying is lost. */
export function rotateLogFile(path: string, bytesMax = LOG_FILE_BYTES_MAX): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= bytesMax) return false;
  const older = `${path}.1`;
  try {
    putAside(path, older);
  } catch (error) {
    rmSync(`${older}.new`, { force: true });
    if (!isDiskFull(error)) throw error;
    // The journal and the database need the room more than anybody needs old lines.
    rmSync(older, { force: true });
    truncateSync(path);
  }
  return true;
}

function putAside(path: string, older: string): void {
  copyFileSync(path, `${older}.new`);
  renameSync(`${older}.new`, older);
  const from = openSync(path, "r+");
  const to = openSync(older, "a");
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let at = statSync(older).size; ;) {
      const read = readSync(from, piece, 0, PIECE_BYTES, at);
      if (read === 0) break;
      at += writeSync(to, piece, 0, read);
    }
    ftruncateSync(from);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
