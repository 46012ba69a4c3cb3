import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ErrorBoundary } from "../../../../components/ui/errorBoundary.tsx";

function shown(error: Error, oldPage?: string): string {
  const boundary = new ErrorBoundary({
    children: "the page",
    fallback: ({ message }) => `fault: ${message}`,
    ...(oldPage === undefined ? {} : { oldPage }),
  });
  boundary.state = ErrorBoundary.getDerivedStateFromError(error);
  return renderToStaticMarkup(boundary.render());
}

const gone = Object.assign(new Error("Failed to load chunk /_next/x.js"), { name: "ChunkLoadError" });

describe("a fault of a part of the page", () => {
  it("is said by its fallback", () => {
    expect(shown(new Error("no fair value"))).toBe("fault: no fair value");
  });

  it("is offered a reload when the page is older than the desk's build", () => {
    expect(shown(gone)).toContain("This page is of an older version");
    expect(shown(gone)).toMatch(/<button[^>]*>.*Reload/);
  });

  it("is offered it in a shape of its own where there is no room", () => {
    expect(shown(gone, "↻")).toBe("↻");
  });
});
