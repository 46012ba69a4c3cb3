/** Looks for secrets, and for every piece of them that is long enough to matter, in whatever a desk has left somewhere. */

/** Shorter ones tell nobody anything: the desk itself shows the last four characters of a key. */
export const PIECE_BYTES = 16;

export interface Secret {
  readonly name: string;
  readonly text: string;
}

interface Form {
  readonly form: string;
  readonly bytes: Buffer;
}

export class SecretSearch {
  /** Every piece of every form, as latin1 text. */
  readonly #pieces = new Map<string, string>();
  /** By the first two bytes of a piece: most places of a text are passed over by one look here. */
  readonly #begins = new Uint8Array(0x1_00_00);

  constructor(secrets: readonly Secret[]) {
    for (const { name, text } of secrets)
      for (const { form, bytes } of formsOf(text))
        for (let at = 0; at + PIECE_BYTES <= bytes.length; at++) {
          const piece = bytes.subarray(at, at + PIECE_BYTES);
          this.#pieces.set(piece.toString("latin1"), `${name}, ${form}`);
          this.#begins[piece.readUInt16BE(0)] = 1;
        }
  }

  /** Which secrets are there, in which form; without the secret itself. */
  find(content: Buffer | string): string[] {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const found = new Set<string>();
    for (let at = 0; at + PIECE_BYTES <= bytes.length; at++) {
      if (this.#begins[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] === 0) continue;
      const name = this.#pieces.get(bytes.toString("latin1", at, at + PIECE_BYTES));
      if (name !== undefined) found.add(name);
    }
    return [...found];
  }
}

/** As it is, as a request, a header or a dump of bytes would have it, and what it stands for where it is base64 itself. */
export function formsOf(text: string): Form[] {
  const plain = Buffer.from(text);
  const decoded =
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, "base64") : undefined;
  return [
    { form: "plain", bytes: plain },
    { form: "URL-encoded", bytes: Buffer.from(encodeURIComponent(text)) },
    ...encodedFormsOf(plain, ""),
    ...(decoded === undefined
      ? []
      : [{ form: "decoded", bytes: decoded }, ...encodedFormsOf(decoded, " of the decoded")]),
  ];
}

function encodedFormsOf(bytes: Buffer, of: string): Form[] {
  const hex = bytes.toString("hex");
  return [
    { form: `hex${of}`, bytes: Buffer.from(hex) },
    { form: `hex in capitals${of}`, bytes: Buffer.from(hex.toUpperCase()) },
    // Behind other text it falls on any of three places in the groups of base64.
    ...[0, 1, 2].map((before) => ({ form: `base64${of}`, bytes: Buffer.from(base64Within(bytes, before)) })),
  ];
}

/** Only the characters that nothing around the bytes has a part in. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(before === 0 ? 0 : before + 1, end);
}
