-- CreateTable
CREATE TABLE "recorder_position" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "run_id" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "recorder_position_pkey" PRIMARY KEY ("epoch")
);

-- CreateTable
CREATE TABLE "parameter_version" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "command_id" TEXT,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "parameter_version_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "parameter_setting" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,

    CONSTRAINT "parameter_setting_pkey" PRIMARY KEY ("epoch","seq","at","level","scope","name")
);

-- CreateTable
CREATE TABLE "venue_order" (
    "account" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "symbol" TEXT NOT NULL,
    "venue_order_id" TEXT,
    "role" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "is_final" BOOLEAN NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,
    "size_base" DECIMAL(38,18) NOT NULL,
    "filled_base" DECIMAL(38,18) NOT NULL,
    "placed_at_us" BIGINT NOT NULL,

    CONSTRAINT "venue_order_pkey" PRIMARY KEY ("account","client_id")
);

-- CreateTable
CREATE TABLE "fill" (
    "account" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "trade_id" TEXT NOT NULL,
    "venue_order_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "base" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "liquidity" TEXT NOT NULL,
    "price_ticks" BIGINT NOT NULL,
    "size_lots" BIGINT NOT NULL,
    "price" DECIMAL(38,18) NOT NULL,
    "size_base" DECIMAL(38,18) NOT NULL,
    "notional_atoms" DECIMAL(38,0) NOT NULL,
    "notional_quote" DECIMAL(38,18) NOT NULL,
    "fee_asset" TEXT NOT NULL,
    "fee_atoms" DECIMAL(38,0) NOT NULL,
    "fee" DECIMAL(38,18) NOT NULL,
    "venue_at_us" BIGINT NOT NULL,
    "edge_bps" DOUBLE PRECISION,

    CONSTRAINT "fill_pkey" PRIMARY KEY ("account","symbol","trade_id","venue_order_id")
);

-- CreateTable
CREATE TABLE "balance_sample" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "account" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "decimals" INTEGER NOT NULL,
    "balance_atoms" DECIMAL(38,0) NOT NULL,
    "baseline_atoms" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "balance_sample_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "equity_sample" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "reporting_asset" TEXT NOT NULL,
    "net_exposure" DOUBLE PRECISION NOT NULL,
    "gross_exposure" DOUBLE PRECISION NOT NULL,
    "spread_capture" DOUBLE PRECISION NOT NULL,
    "maker_fees" DOUBLE PRECISION NOT NULL,
    "taker_fees" DOUBLE PRECISION NOT NULL,
    "reducing" DOUBLE PRECISION NOT NULL,
    "inventory" DOUBLE PRECISION NOT NULL,
    "currency" DOUBLE PRECISION NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "equity_sample_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "market_sample" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "market" TEXT NOT NULL,
    "fair" DOUBLE PRECISION,
    "inventory_base" DOUBLE PRECISION NOT NULL,
    "spread_capture" DOUBLE PRECISION,
    "maker_fees" DOUBLE PRECISION,
    "taker_fees" DOUBLE PRECISION,
    "reducing" DOUBLE PRECISION,
    "inventory" DOUBLE PRECISION,
    "currency" DOUBLE PRECISION,
    "total" DOUBLE PRECISION,

    CONSTRAINT "market_sample_pkey" PRIMARY KEY ("epoch","seq","at","market")
);

-- CreateTable
CREATE TABLE "trading_state_change" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "scope" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "trading_state_change_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "command_record" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "command_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "command" JSONB NOT NULL,
    "accepted" BOOLEAN NOT NULL,
    "code" TEXT,
    "text" TEXT,

    CONSTRAINT "command_record_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "notice" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "code" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateTable
CREATE TABLE "uptime_interval" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" INTEGER NOT NULL,
    "at_us" BIGINT NOT NULL,
    "account" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "two_sided" BOOLEAN NOT NULL,
    "from_us" BIGINT NOT NULL,
    "to_us" BIGINT NOT NULL,

    CONSTRAINT "uptime_interval_pkey" PRIMARY KEY ("epoch","seq","at")
);

-- CreateIndex
CREATE INDEX "parameter_version_version_idx" ON "parameter_version"("version");

-- CreateIndex
CREATE INDEX "venue_order_epoch_seq_at_idx" ON "venue_order"("epoch", "seq", "at");

-- CreateIndex
CREATE INDEX "fill_at_us_idx" ON "fill"("at_us");

-- CreateIndex
CREATE INDEX "fill_client_id_idx" ON "fill"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "fill_epoch_seq_at_key" ON "fill"("epoch", "seq", "at");

-- CreateIndex
CREATE INDEX "balance_sample_account_asset_epoch_seq_at_idx" ON "balance_sample"("account", "asset", "epoch", "seq", "at");

-- CreateIndex
CREATE INDEX "equity_sample_at_us_idx" ON "equity_sample"("at_us");

-- CreateIndex
CREATE INDEX "command_record_command_id_idx" ON "command_record"("command_id");

-- CreateIndex
CREATE INDEX "uptime_interval_to_us_idx" ON "uptime_interval"("to_us");

-- AddForeignKey
ALTER TABLE "parameter_setting" ADD CONSTRAINT "parameter_setting_epoch_seq_at_fkey" FOREIGN KEY ("epoch", "seq", "at") REFERENCES "parameter_version"("epoch", "seq", "at") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "market_sample" ADD CONSTRAINT "market_sample_epoch_seq_at_fkey" FOREIGN KEY ("epoch", "seq", "at") REFERENCES "equity_sample"("epoch", "seq", "at") ON DELETE RESTRICT ON UPDATE CASCADE;
