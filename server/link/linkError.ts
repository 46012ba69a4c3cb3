import type { LinkErrorCode } from "../contract/link.ts";
import { UserError } from "../contract/errors.ts";

/** No answer from the engine, or a no to the question itself; `code` says which. */
export class LinkError extends UserError {
  override readonly name = "LinkError";
  readonly code: LinkErrorCode;

  constructor(code: LinkErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
