/**
 * LMDB maps its file into memory and trusts it: a file that is no LMDB file, or shorter than it says,
 * ends the process with SIGSEGV or SIGBUS instead of an error. So the head of the file is read before
 * it is opened.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** What speaks against opening the file, in a few words; undefined when nothing does. */
export function findFileFault(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "is missing or cannot be opened";
  }
  try {
    const first = readMeta(file, 0);
    if (first === undefined) return "does not begin like an LMDB file";
    const second = readMeta(file, first.pageBytes);
    if (second === undefined) return "does not begin like an LMDB file";
    // Commits alternate between the two heads: the newer one counts.
    const newest = second.txnId > first.txnId ? second : first;
    const wanted = (newest.lastPage + 1) * newest.pageBytes;
    const { size } = fstatSync(file);
    // The last page may be cut within: the kernel fills the rest of a mapped page with zeros.
    return size > wanted - newest.pageBytes ? undefined : `is cut short: ${size} bytes instead of ${wanted}`;
  } finally {
    closeSync(file);
  }
}

interface MetaPage {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly txnId: bigint;
}

/** MDB_meta of LMDB 1.0 behind a page header of 24 bytes: magic, version, address, map size, two trees, … */
const MAGIC = 0xbe_ef_c0_de;
const MAGIC_AT = 24;
const PAGE_BYTES_AT = MAGIC_AT + 24;
const LAST_PAGE_AT = PAGE_BYTES_AT + 96;
const TXN_ID_AT = LAST_PAGE_AT + 8;
const META_BYTES = TXN_ID_AT + 8;

function readMeta(file: number, position: number): MetaPage | undefined {
  const head = Buffer.alloc(META_BYTES);
  if (readSync(file, head, 0, META_BYTES, position) < META_BYTES) return undefined;
  if (head.readUInt32LE(MAGIC_AT) !== MAGIC) return undefined;
  const pageBytes = head.readUInt32LE(PAGE_BYTES_AT);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return undefined;
  return {
    pageBytes,
    lastPage: Number(head.readBigUInt64LE(LAST_PAGE_AT)),
    txnId: head.readBigUInt64LE(TXN_ID_AT),
  };
}
