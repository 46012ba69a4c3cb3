/** `manifest.json` of a recording: what market.bin holds, where it came from, and what is wrong with it. */
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { Instrument } from "../../contract/instrument.ts";

export const MANIFEST_FILE = "manifest.json";
export const MARKET_FILE = "market.bin";
export const RECORDING_FORMAT = "crossdesk-recording";
export const RECORDING_VERSION = 1;

export const RECORDED_KINDS = ["snapshot", "delta", "top", "print", "alive", "gap"] as const;

const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One instrument and what was recorded of it. What is false here is absent from every record. */
export const RecordedInstrument = z.strictObject({
  definition: Instrument,
  venue: z.string().min(1),
  recorded: z.array(z.enum(["depth", "top", "trades"])),
  /** Levels per side of the fullest book that the source sent whole; diffs may add more. */
  levels: Count,
  depthSizes: z.boolean(),
  tradeSizes: z.boolean(),
  venueStamps: z.boolean(),
});
export type RecordedInstrument = z.infer<typeof RecordedInstrument>;

/** A time without a pause of the recorder, and how many instruments spoke in it. */
export const Stretch = z.strictObject({ fromUs: Count, toUs: Count, records: Count, instruments: Count });
export type Stretch = z.infer<typeof Stretch>;

/** Something wrong in the source, and how often. The records keep it as it was unless the text says otherwise. */
export const Defect = z.strictObject({ code: z.string().regex(/^[A-Z_]+$/), text: z.string(), count: Count });
export type Defect = z.infer<typeof Defect>;

/** A comparison that the importer made inside the source. */
export const SourceCheck = z.strictObject({ name: z.string(), checked: Count, equal: Count });
export type SourceCheck = z.infer<typeof SourceCheck>;

export const Manifest = z.strictObject({
  format: z.literal(RECORDING_FORMAT),
  version: z.literal(RECORDING_VERSION),
  source: z.strictObject({ name: z.string(), licence: z.string(), importer: z.string() }),
  /** Of market.bin: the identity of a recording in run manifests. */
  contentSha256: Sha256,
  contentBytes: Count,
  instruments: z.array(RecordedInstrument).min(1),
  fromUs: Count,
  toUs: Count,
  counts: z.record(z.enum(RECORDED_KINDS), Count),
  stretches: z.array(Stretch),
  defects: z.array(Defect),
  checks: z.array(SourceCheck),
  assumptions: z.array(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

/** `path` is for the message only. */
export function parseManifest(text: string, path: string): Manifest {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${path} is damaged: it is no JSON; import the source again`, { cause });
  }
  const head = z.looseObject({ format: z.unknown(), version: z.unknown() }).safeParse(raw).data;
  if (head?.format !== RECORDING_FORMAT) throw new UserError(`${path} does not belong to a recording`);
  if (head.version !== RECORDING_VERSION)
    throw new UserError(
      `${path} has format version ${String(head.version)}, this build reads ${RECORDING_VERSION}: import the source again`,
    );
  const parsed = Manifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError(
    `${path} is damaged at ${issue?.path.join(".")}: ${issue?.message}; import the source again`,
  );
}
