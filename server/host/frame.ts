/** A message as bytes on a stream: its length (u32, big-endian), then MessagePack. */
import { Packr } from "msgpackr";

/** The largest answer, a day's history of every market, is some megabytes. */
export const FRAME_BYTES_MAX = 16 * 1024 * 1024;

const HEADER_BYTES = 4;

// Every object is a map with its keys, so that a frame can be read alone; bigints have any size.
const packr = new Packr({ useRecords: false, mapsAsObjects: true, useBigIntExtension: true });

/** Throws a RangeError on a message that no peer would take. */
export function encodeFrame(message: unknown): Buffer {
  const body = packr.pack(message);
  if (body.length > FRAME_BYTES_MAX)
    throw new RangeError(`a frame of ${body.length} bytes is larger than ${FRAME_BYTES_MAX}`);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/** Bytes that are not frames: the connection they came from is of no use any more. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Takes the bytes of a stream as they come and gives the messages in them, one by one. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Of the next frame, header included, once its header is there. */
  #wanted = HEADER_BYTES;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Undefined until the next message is complete. Throws a FrameError, also on a frame that is larger than asked for. */
  next(bytesMax = FRAME_BYTES_MAX): { readonly message: unknown } | undefined {
    // Chunks are joined only once enough of them are there: a large frame comes in hundreds.
    if (this.#bytes < this.#wanted) return undefined;
    let bytes = this.#join();
    if (this.#wanted === HEADER_BYTES) {
      const length = bytes.readUInt32BE(0);
      if (length > bytesMax) throw new FrameError(`announces a frame of ${length} bytes`);
      if (length === 0) throw new FrameError("announces an empty frame");
      this.#wanted = HEADER_BYTES + length;
      if (bytes.length < this.#wanted) return undefined;
    }
    const body = bytes.subarray(HEADER_BYTES, this.#wanted);
    bytes = bytes.subarray(this.#wanted);
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#bytes = bytes.length;
    this.#wanted = HEADER_BYTES;
    try {
      return { message: packr.unpack(body) };
    } catch (error) {
      throw new FrameError("is not MessagePack", { cause: error });
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [joined];
    return joined;
  }
}
