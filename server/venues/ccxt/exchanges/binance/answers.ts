/** Error codes in an answer, by socket or REST. */
import type { VenueError } from "../exchange.ts";
import { recordOf, textAt } from "../fields.ts";

/** Most telling first: where a replacement failed, why says the half that did. */
export function errorsOf(answer: unknown): readonly VenueError[] {
  const body = recordOf(answer);
  const data = recordOf(body["data"]);
  return [
    ...ownErrors(recordOf(data["newOrderResponse"])),
    ...ownErrors(recordOf(data["cancelResponse"])),
    ...ownErrors(body),
  ];
}

export function ownErrors(record: Record<string, unknown>): readonly VenueError[] {
  const code = textAt(record, "code");
  return code === undefined ? [] : [{ code, text: textAt(record, "msg") ?? "" }];
}
