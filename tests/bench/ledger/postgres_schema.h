// The SQL of PostgreSQL as a ledger; see peer_postgres.h.
#ifndef TURNABOUT_TESTS_BENCH_LEDGER_POSTGRES_SCHEMA_H_
#define TURNABOUT_TESTS_BENCH_LEDGER_POSTGRES_SCHEMA_H_

namespace turnabout::bench {

// Room is left in each page of accounts so that an update stays in its page and no index is touched. The key of `entry`
// is what a statement is read from.
inline constexpr char kPostgresTables[] = R"sql(
CREATE TABLE account (
  id int PRIMARY KEY,
  balance bigint NOT NULL DEFAULT 0,
  floor bigint NOT NULL,
  ceiling bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE transfer (
  id bigint GENERATED ALWAYS AS IDENTITY (CACHE 100) PRIMARY KEY,
  request_id uuid NOT NULL UNIQUE,
  from_account int NOT NULL,
  to_account int NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE entry (
  account int NOT NULL,
  transfer bigint NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (account, transfer)
);
)sql";

// Entries first and accounts last, in the order of their ids: a hot row is locked for as short a time as can be, and
// two transfers never wait for each other.
inline constexpr char kPostgresPost[] = R"sql(
CREATE FUNCTION post(the_request uuid, payer int, payee int, minutes bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
BEGIN
  INSERT INTO transfer (request_id, from_account, to_account, amount)
    VALUES (the_request, payer, payee, minutes) ON CONFLICT (request_id) DO NOTHING RETURNING id INTO number;
  IF number IS NULL THEN
    RETURN (SELECT id FROM transfer WHERE request_id = the_request);
  END IF;
  INSERT INTO entry VALUES (payer, number, -minutes), (payee, number, minutes);
  IF payer < payee THEN
    UPDATE account SET balance = balance - minutes WHERE id = payer AND balance - minutes >= floor;
    IF NOT FOUND THEN RAISE 'below the floor'; END IF;
    UPDATE account SET balance = balance + minutes WHERE id = payee AND balance + minutes <= ceiling;
    IF NOT FOUND THEN RAISE 'above the ceiling'; END IF;
  ELSE
    UPDATE account SET balance = balance + minutes WHERE id = payee AND balance + minutes <= ceiling;
    IF NOT FOUND THEN RAISE 'above the ceiling'; END IF;
    UPDATE account SET balance = balance - minutes WHERE id = payer AND balance - minutes >= floor;
    IF NOT FOUND THEN RAISE 'below the floor'; END IF;
  END IF;
  RETURN number;
END $$;
)sql";

// Many at once, in two statements. Accounts are locked in the order of their ids first, so that two batches cannot
// deadlock; then each is changed once, by what the whole batch comes to. Only where a batch ends is judged, not every
// step, and one transfer that is refused refuses all: less than BatchWriteEntries does, in PostgreSQL's favour.
inline constexpr char kPostgresPostMany[] = R"sql(
CREATE FUNCTION post_many(requests uuid[], payers int[], payees int[], minutes bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  written bigint;
  moved bigint;
  changed bigint;
BEGIN
  PERFORM 1 FROM account WHERE id = ANY (payers || payees) ORDER BY id FOR UPDATE;
  WITH added AS (
    INSERT INTO transfer (request_id, from_account, to_account, amount)
      SELECT * FROM unnest(requests, payers, payees, minutes) ON CONFLICT (request_id) DO NOTHING
      RETURNING id, from_account, to_account, transfer.amount),
  movement AS (
    SELECT from_account AS account, id, -amount AS amount FROM added
    UNION ALL SELECT to_account, id, amount FROM added),
  entries AS (INSERT INTO entry SELECT account, id, amount FROM movement),
  total AS (SELECT account, sum(amount)::bigint AS change FROM movement GROUP BY account),
  updated AS (
    UPDATE account SET balance = balance + change FROM total
      WHERE account.id = total.account AND balance + change BETWEEN floor AND ceiling RETURNING 1)
  SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM total), (SELECT count(*) FROM updated)
    INTO written, moved, changed;
  IF changed < moved THEN RAISE 'below a floor or above a ceiling'; END IF;
  RETURN written;
END $$;
)sql";

}  // namespace turnabout::bench

#endif  // TURNABOUT_TESTS_BENCH_LEDGER_POSTGRES_SCHEMA_H_
