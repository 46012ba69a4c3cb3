"use client";

import { Button } from "./button.tsx";

/** A part of the page's code could not be loaded: the desk was built anew since, or nobody answers. */
export function isOldPage(error: unknown): boolean {
  // The name that the bundler's runtime gives to it, and to nothing else.
  return error instanceof Error && error.name === "ChunkLoadError";
}

export function OldPage() {
  return (
    <p role="alert" className="flex flex-wrap items-center gap-2 p-2 text-sm text-attention">
      <span>
        <span aria-hidden>◐ </span>
        This page is of an older version, or the web server is away. The stop works.
      </span>
      <Button onClick={() => location.reload()}>Reload</Button>
    </p>
  );
}
