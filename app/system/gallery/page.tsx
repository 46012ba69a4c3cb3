import { notFound } from "next/navigation";
import { Gallery } from "./gallery.tsx";

export const metadata = { title: "Gallery" };

/** Examples of everything, for who builds the pages; not there in production. */
export default function GalleryPage() {
  if (process.env.NODE_ENV !== "development") notFound();
  return <Gallery />;
}
