/**
 * Our order ids at a venue where an amendment makes a new order: the engine's id, and a revision in base 36 behind it.
 */

const CLIENT_ID_LENGTH = 15;

export interface OrderName {
  readonly clientId: string;
  readonly revision: number;
}

/** Revision 0 is the id itself. */
export function joinName({ clientId, revision }: OrderName): string {
  return revision === 0 ? clientId : clientId + revision.toString(36);
}

/** Undefined for an id that is not of this desk. */
export function splitName(id: string, deskCode: string): OrderName | undefined {
  if (!/^[a-z][0-9a-z]{14,20}$/.test(id) || id.slice(1, 4) !== deskCode) return undefined;
  const suffix = id.slice(CLIENT_ID_LENGTH);
  // Only what `joinName` writes: "0" in front or alone is somebody else's.
  if (suffix.startsWith("0")) return undefined;
  return {
    clientId: id.slice(0, CLIENT_ID_LENGTH),
    revision: suffix === "" ? 0 : Number.parseInt(suffix, 36),
  };
}
