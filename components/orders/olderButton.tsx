"use client";

import { formatCount } from "../format/number.ts";
import { Button } from "../ui/button.tsx";

interface Pages {
  readonly status: "pending" | "error" | "success";
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => unknown;
}

const PAST_WORDS = {
  pending: ", older ones are being read",
  error: ", older ones cannot be read now",
  success: ", no older ones",
  more: ", older ones exist",
} as const;

/** Scrolling to the end reads on by itself; this is for the keyboard, and says where the list stands. */
export function OlderButton({ query, count }: { readonly query: Pages; readonly count: number }) {
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-t px-3 text-sm text-secondary">
      {formatCount(count)} {count === 1 ? "row" : "rows"}
      {PAST_WORDS[query.status === "success" && query.hasNextPage ? "more" : query.status]}
      {query.isFetchNextPageError && <span className="text-danger">▲ the older ones could not be read</span>}
      {query.hasNextPage && (
        <Button
          className="ml-auto"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Older
        </Button>
      )}
    </div>
  );
}
