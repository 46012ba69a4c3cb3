/**
 * The state of an engine as bytes: equal states are equal bytes, and the bytes give the state back.
 * A structure is an array `[tag, …content]`, a primitive stands for itself. Keys, entries and members
 * keep the order in which they were put there, and that order counts: it is part of what the engine
 * does next. The elements of typed arrays are little-endian, like every machine that Node 20 runs on.
 */
import { createHash } from "node:crypto";
import { Unpackr } from "msgpackr";
import { DEPTH_MAX, MsgpackWriter } from "../encode/msgpackWriter.ts";

/**
 * Plain objects, arrays, Map, Set, Float64Array, Int32Array, Uint8Array and primitives. An undefined
 * field keeps its place: one that came back behind the others would be another order of keys once it
 * is set. Anything else throws with its path, and so do NaN, the infinities and −0.
 */
export function encodeState(state: unknown): Uint8Array {
  const writer = new MsgpackWriter();
  writeNode(writer, state, ["state"]);
  return new Uint8Array(writer.written());
}

/** Throws a RangeError when the bytes are no encoded state. */
export function decodeState(bytes: Uint8Array): unknown {
  // A view of its own: the decoder leaves a property on what it reads.
  return readNode(DECODER.unpack(bytes.subarray()));
}

/** SHA-256 of the canonical bytes, as hex. */
export function stateHash(state: unknown): string {
  return createHash("sha256").update(encodeState(state)).digest("hex");
}

const TAG = { object: 0, array: 1, map: 2, set: 3, float64: 4, int32: 5, uint8: 6 } as const;

const DECODER = new Unpackr({ useRecords: false });

type Path = (string | number)[];

function writeNode(writer: MsgpackWriter, value: unknown, path: Path): void {
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
    case "bigint":
      return writePrimitive(writer, value, path);
    case "undefined":
      return writer.undefined();
    case "object":
      return value === null ? writer.nil() : writeStructure(writer, value, path);
    case "function":
    case "symbol":
      throw refuse(path, `a ${typeof value}`);
  }
}

function writePrimitive(writer: MsgpackWriter, value: number | string | boolean | bigint, path: Path): void {
  try {
    writer.value(value);
  } catch {
    throw refuse(path, typeof value === "number" ? nameNumber(value) : "text with half a surrogate pair");
  }
}

function writeStructure(writer: MsgpackWriter, value: object, path: Path): void {
  if (path.length > DEPTH_MAX)
    throw refuse(path.slice(0, 8), `nested more than ${DEPTH_MAX} deep, or in itself`);
  if (Array.isArray(value)) {
    writer.array(value.length + 1);
    writer.number(TAG.array);
    for (let at = 0; at < value.length; at++) writeAt(writer, value[at], path, at);
    return;
  }
  switch (Object.getPrototypeOf(value)) {
    case Object.prototype:
      return writeObject(writer, value, path);
    case Map.prototype:
      return writeMap(writer, value as ReadonlyMap<unknown, unknown>, path);
    case Set.prototype:
      return writeSet(writer, value as ReadonlySet<unknown>, path);
    case Float64Array.prototype:
      checkElements(value as Float64Array, path);
      return writeTyped(writer, TAG.float64, value as Float64Array);
    case Int32Array.prototype:
      return writeTyped(writer, TAG.int32, value as Int32Array);
    case Uint8Array.prototype:
      return writeTyped(writer, TAG.uint8, value as Uint8Array);
  }
  throw refuse(path, `a ${value.constructor?.name ?? "object without a prototype"}, which is no plain data`);
}

function writeObject(writer: MsgpackWriter, value: object, path: Path): void {
  const fields: [string, unknown][] = Object.entries(value);
  writer.array(1 + 2 * fields.length);
  writer.number(TAG.object);
  for (const [key, field] of fields) {
    writeAt(writer, key, path, key);
    writeAt(writer, field, path, key);
  }
}

function writeMap(writer: MsgpackWriter, map: ReadonlyMap<unknown, unknown>, path: Path): void {
  writer.array(1 + 2 * map.size);
  writer.number(TAG.map);
  for (const [key, value] of map) {
    const step = typeof key === "string" || typeof key === "number" ? key : "(a key)";
    writeAt(writer, key, path, step);
    writeAt(writer, value, path, step);
  }
}

function writeSet(writer: MsgpackWriter, set: ReadonlySet<unknown>, path: Path): void {
  writer.array(1 + set.size);
  writer.number(TAG.set);
  let at = 0;
  for (const member of set) writeAt(writer, member, path, at++);
}

function writeTyped(writer: MsgpackWriter, tag: number, array: Float64Array | Int32Array | Uint8Array): void {
  writer.array(2);
  writer.number(tag);
  writer.binary(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

function writeAt(writer: MsgpackWriter, value: unknown, path: Path, step: string | number): void {
  path.push(step);
  writeNode(writer, value, path);
  path.pop();
}

function checkElements(array: Float64Array, path: Path): void {
  for (let at = 0; at < array.length; at++) {
    const value = array[at] as number;
    if (!Number.isFinite(value) || Object.is(value, -0)) throw refuse([...path, at], nameNumber(value));
  }
}

function nameNumber(value: number): string {
  return Object.is(value, -0) ? "−0" : String(value);
}

function refuse(path: Path, what: string): RangeError {
  const place = path
    .map((step, at) => (at === 0 ? step : typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("");
  return new RangeError(`${place} is ${what}: it cannot be part of a state that is hashed`);
}

function readNode(node: unknown): unknown {
  if (!Array.isArray(node)) return node;
  const content: unknown[] = node.slice(1);
  switch (node[0]) {
    case TAG.object:
      return Object.fromEntries(readPairs(content));
    case TAG.array:
      return content.map(readNode);
    case TAG.map:
      return new Map(readPairs(content));
    case TAG.set:
      return new Set(content.map(readNode));
    case TAG.float64:
      return new Float64Array(readBytes(content).buffer);
    case TAG.int32:
      return new Int32Array(readBytes(content).buffer);
    case TAG.uint8:
      return readBytes(content);
  }
  throw new RangeError(`an encoded state has the unknown tag ${String(node[0])}`);
}

function readPairs(content: readonly unknown[]): [PropertyKey, unknown][] {
  const pairs: [PropertyKey, unknown][] = [];
  for (let at = 0; at < content.length; at += 2)
    pairs.push([readNode(content[at]) as PropertyKey, readNode(content[at + 1])]);
  return pairs;
}

/** A copy of its own, because a view on the decoder's input is not aligned for wider elements. */
function readBytes(content: readonly unknown[]): Uint8Array<ArrayBuffer> {
  if (!(content[0] instanceof Uint8Array))
    throw new RangeError("an encoded state has a typed array without bytes");
  return new Uint8Array(content[0]);
}
