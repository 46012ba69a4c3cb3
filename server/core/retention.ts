/** How much of the past a memory keeps: minutes where much happens, a number where little does, and never without end. */
export interface Retention {
  /** So many of the newest, however old they are. */
  readonly least: number;
  /** And what is younger than this. */
  readonly withinUs: number;
  readonly most: number;
}

/** Whether the oldest of so many, which is so old, may be forgotten. */
export function mayForget(count: number, ageUs: number, { least, withinUs, most }: Retention): boolean {
  return count > most || (count > least && ageUs > withinUs);
}
