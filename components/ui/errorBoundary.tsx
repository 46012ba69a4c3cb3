"use client";

import { Component, type ReactNode } from "react";
import { isOldPage, OldPage } from "./oldPage.tsx";

interface Props {
  readonly fallback: (error: Error, retry: () => void) => ReactNode;
  /** Where code of the page is gone and only reloading helps. */
  readonly oldPage?: ReactNode;
  readonly children: ReactNode;
}

/** Keeps a fault of one part away from the rest: the stop must render whatever happens beside it. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (isOldPage(error)) return this.props.oldPage ?? <OldPage />;
    return this.props.fallback(error, () => this.setState({ error: undefined }));
  }
}
