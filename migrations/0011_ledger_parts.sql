-- An index in the order of hashes or of owners has its next rows anywhere, so an import wrote a
-- page of it for every row: 27 GB for a ledger of a million entries. The indexes of owners now
-- begin with the part of the ledger, 4 MiB of its blocks, in which a transfer stands: what an
-- import writes is near together, however long the ledger is. Of names they hold the beginnings,
-- which tell them apart as well as the whole; who asks compares the whole, too.
CREATE TABLE ledger_transfers_by_place (
  block_position BIGINT NOT NULL,
  place INTEGER NOT NULL,
  tx_hash TEXT NOT NULL,
  at TEXT NOT NULL,
  from_owner TEXT NOT NULL,
  from_sub TEXT,
  to_owner TEXT NOT NULL,
  to_sub TEXT,
  amount_e9s TEXT NOT NULL,
  fee_e9s TEXT,
  fee_accounts TEXT,
  created_ns TEXT,
  memo TEXT NOT NULL,
  from_after_e9s TEXT NOT NULL,
  to_after_e9s TEXT NOT NULL,
  PRIMARY KEY (block_position, place)
);
INSERT INTO ledger_transfers_by_place (block_position, place, tx_hash, at, from_owner, from_sub,
    to_owner, to_sub, amount_e9s, fee_e9s, fee_accounts, created_ns, memo, from_after_e9s,
    to_after_e9s)
  SELECT block_position, place, tx_hash, at, from_owner, from_sub, to_owner, to_sub, amount_e9s,
    fee_e9s, fee_accounts, created_ns, memo, from_after_e9s, to_after_e9s
  FROM ledger_transfers ORDER BY block_position, place;
DROP TABLE ledger_transfers;
ALTER TABLE ledger_transfers_by_place RENAME TO ledger_transfers;
CREATE INDEX ledger_transfers_by_hash ON ledger_transfers (substr(tx_hash, 1, 12));
CREATE INDEX ledger_transfers_by_sender
  ON ledger_transfers ((block_position / 4194304), substr(from_owner, 1, 12));
CREATE INDEX ledger_transfers_by_receiver
  ON ledger_transfers ((block_position / 4194304), substr(to_owner, 1, 12));

DROP INDEX ledger_reputation_by_entry;
CREATE INDEX ledger_reputation_by_entry ON ledger_reputation_changes (substr(entry_key, 1, 12));
