"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

/**
 * Says on the way out that edits are not applied. Within the desk they are kept until one comes back;
 * closing the tab would lose them, which is the browser's own question.
 */
export function LeaveGuard({
  changed,
  onDiscard,
}: {
  readonly changed: number;
  readonly onDiscard: () => void;
}) {
  const router = useRouter();
  const [target, setTarget] = useState<string>();
  const isGuarding = changed > 0;

  useEffect(() => {
    if (!isGuarding) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    const stay = (event: MouseEvent): void => {
      const href = leavingTo(event);
      if (href === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(href);
    };
    addEventListener("beforeunload", ask);
    // Before the router's own handler, which sits further down.
    addEventListener("click", stay, { capture: true });
    return () => {
      removeEventListener("beforeunload", ask);
      removeEventListener("click", stay, { capture: true });
    };
  }, [isGuarding]);

  const leave = (): void => {
    if (target !== undefined) router.push(target);
    setTarget(undefined);
  };
  return (
    <Dialog
      open={target !== undefined}
      onOpenChange={(open) => {
        if (!open) setTarget(undefined);
      }}
      title={changed === 1 ? "1 change is not applied" : `${changed} changes are not applied`}
      footer={
        <>
          <Button onClick={() => setTarget(undefined)}>Stay</Button>
          <Button
            variant="danger"
            onClick={() => {
              onDiscard();
              leave();
            }}
          >
            Discard and leave
          </Button>
          <Button variant="primary" onClick={leave}>
            Keep and leave
          </Button>
        </>
      }
    >
      <p>
        The desk goes on as before until you apply. This tab can keep what you changed until you come back.
      </p>
    </Dialog>
  );
}

/** Where a plain click on a link of this site leads, if that is another page. */
function leavingTo(event: MouseEvent): string | undefined {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return undefined;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank") return undefined;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname === location.pathname) return undefined;
  return url.pathname + url.search + url.hash;
}
