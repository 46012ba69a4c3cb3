/** What a panel can be in. Every panel of the desk handles all seven; `/system/gallery` shows them. */
export type PanelState =
  /** Nothing has arrived yet. */
  | { readonly status: "loading" }
  | { readonly status: "live"; readonly atMs?: number | undefined }
  /** Values are shown greyed, with their age: they may no longer be true. */
  | { readonly status: "stale"; readonly sinceMs: number; readonly why?: string | undefined }
  /** Nothing to show: `text` says what will appear here and when. */
  | { readonly status: "empty"; readonly text: string }
  | {
      readonly status: "error";
      readonly what: string;
      readonly todo: string;
      readonly sinceMs?: number | undefined;
      readonly retry?: (() => void) | undefined;
    }
  /** `who` may see or do it. */
  | { readonly status: "denied"; readonly who: string }
  /** Final values: they are right, and will not change any more. */
  | { readonly status: "ended"; readonly text: string };
