"use client";

import { formatTimeMs } from "../format/time.ts";
import { useTRPCClient } from "../session/api.tsx";
import { forgetSessionKey } from "../session/key.ts";
import { refusalText } from "../session/queryState.ts";
import { useSession } from "../session/useSession.ts";
import { MenuItem } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";

/** Who is signed in and until when; ends the session in every tab of this browser. */
export function SessionItem() {
  const session = useSession();
  const client = useTRPCClient();
  async function signOut(): Promise<void> {
    try {
      await client.system.signOut.mutate();
    } catch (error) {
      toast("danger", refusalText(error));
      return;
    }
    forgetSessionKey();
    // Its address says how to come in again.
    location.assign("/start");
  }
  return (
    <MenuItem
      onSelect={() => void signOut()}
      detail={
        session === undefined
          ? undefined
          : `${session.actor}, until ${formatTimeMs(session.endsAtMs)} UTC; the desk goes on`
      }
    >
      Sign out
    </MenuItem>
  );
}
