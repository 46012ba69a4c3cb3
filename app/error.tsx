"use client";

import { Button } from "../components/ui/button.tsx";
import { isOldPage, OldPage } from "../components/ui/oldPage.tsx";

/** A page has crashed; the bar above it has not. */
export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  if (isOldPage(error)) return <OldPage />;
  return (
    <div role="alert" className="mx-auto mt-16 flex max-w-xl flex-col gap-3 rounded border bg-panel p-6">
      <h1 className="text-lg font-semibold">
        <span className="text-danger">▲</span> This page has crashed
      </h1>
      <p className="text-secondary">
        The desk is not affected, and the stop above works. Show the page again; if it crashes again, the
        other pages still work.
      </p>
      <pre className="overflow-auto rounded bg-ground p-3 font-mono text-sm">{error.message}</pre>
      <Button variant="primary" size="md" className="self-start" onClick={reset}>
        Show it again
      </Button>
    </div>
  );
}
