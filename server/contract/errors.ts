/**
 * What the operator can mend: bad input, a damaged file, a full disk. The message is one line that
 * names what is wrong and what to do; the command line prints it alone and exits 1. A parser or a
 * store that refuses its input throws this or a subclass; a broken invariant is a plain Error.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
