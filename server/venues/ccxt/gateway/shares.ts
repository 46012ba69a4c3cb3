/** How far each class of requests may fill a venue's counter: what is above is kept for the classes above it. */
import type { LimitScope } from "../exchanges/exchange.ts";
import type { RequestClass } from "../ports.ts";

/** Kept free of us: the independent stop has keys and sockets of its own, but the venue counts both. */
const GUARD_SHARE = 0.1;

/** Of what is left. */
const CLASS_SHARE: { readonly [C in RequestClass]: number } = {
  cancel: 1,
  session: 1,
  hedge: 0.95,
  amend: 0.9,
  new: 0.85,
  list: 0.8,
  query: 0.8,
  // Of single orders: with many in doubt, one list settles more than each asked for alone.
  lookup: 0.7,
};

/** The highest class first. */
export const REQUEST_CLASSES = Object.keys(CLASS_SHARE) as readonly RequestClass[];

export function shareOf(kind: RequestClass, { cancelsPass, isForReads }: LimitScope): number {
  if (cancelsPass === true) return CLASS_SHARE[kind] / CLASS_SHARE.hedge;
  return (1 - GUARD_SHARE) * (isForReads === true ? 1 : CLASS_SHARE[kind]);
}
