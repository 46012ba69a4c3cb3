"use client";

import { venueCode, venueName } from "../format/names.ts";
import { useLive } from "../stream/live.tsx";
import { cx } from "../ui/cx.ts";
import { Tag, TONES } from "../ui/tag.tsx";
import { titleAsOf, useAsOf } from "./asOf.tsx";
import { venueLights } from "./words.ts";

/**
 * One light per venue account; what is not right is said in a word. `brief`: where the bar is narrow the light's
 * shape and colour say that something is not, and the word is for the ear.
 */
export function VenueLights({ brief = false }: { readonly brief?: boolean }) {
  const desk = useLive("desk");
  const asOf = useAsOf(desk?.atMs);
  if (desk === undefined) return null;
  return (
    <ul
      aria-label={asOf === undefined ? "Venues" : `Venues, ${asOf}`}
      data-stale={asOf === undefined ? undefined : true}
      className={cx("flex min-w-0 gap-x-2.5 text-sm", !brief && "flex-wrap", asOf !== undefined && "stale")}
    >
      {venueLights(desk.value).map(({ account, tone, text }) => {
        const title = titleAsOf(`${venueName(account)}: ${text === "" ? "ready, feed fresh" : text}`, asOf);
        return (
          <li
            key={account}
            title={title}
            className={cx(
              "relative flex items-baseline gap-1",
              text === "" ? "shrink-0" : brief && "max-lg:shrink-0 lg:min-w-13",
            )}
          >
            <Tag tone={tone}>
              <span className="text-ink">{venueCode(account)}</span>
            </Tag>
            {text !== "" && (
              <span className={cx("truncate", TONES[tone], brief && "max-lg:sr-only")}>{text}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
