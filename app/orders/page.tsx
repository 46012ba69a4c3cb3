import { fromAddress } from "../../components/orders/filters.ts";
import { OrdersPage } from "../../components/orders/ordersPage.tsx";

export const metadata = { title: "Orders and fills" };

export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  return <OrdersPage initial={fromAddress(await searchParams)} />;
}
