-- What hedges cost or earned against fair value, told apart from orders that trade inventory back.
ALTER TABLE "equity_sample" ADD COLUMN "hedging" DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE "market_sample" ADD COLUMN "hedging" DOUBLE PRECISION;
UPDATE "market_sample" SET "hedging" = 0 WHERE "total" IS NOT NULL;
