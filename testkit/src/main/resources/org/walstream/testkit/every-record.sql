-- A workload that makes as many types of WAL records as SQL can. Empty lines separate statements; each is sent by itself.
-- A line "-- [b]" in front of one sends it on a second connection.

CREATE EXTENSION bloom

-- Heap: tuples alone, pages made anew, updates on and off the page, locks, speculative insertion.

CREATE TABLE t (id int PRIMARY KEY, v int, words text) WITH (fillfactor = 90)

INSERT INTO t SELECT g, 0, md5(g::text) FROM generate_series(1, 3000) g

UPDATE t SET v = v + 1 WHERE id % 10 = 0

UPDATE t SET words = repeat(words, 20) WHERE id % 7 = 0

DELETE FROM t WHERE id % 5 = 0

INSERT INTO t SELECT g, 0, 'again' FROM generate_series(1, 200) g ON CONFLICT (id) DO NOTHING

INSERT INTO t VALUES (1, 1, 'upsert') ON CONFLICT (id) DO UPDATE SET v = 7

SELECT count(*) FROM (SELECT 1 FROM t WHERE id < 50 FOR UPDATE) x

SELECT count(*) FROM t WHERE v = 1

COPY t (id) FROM PROGRAM 'seq 10001 12000'

COPY t (id) FROM PROGRAM 'seq 12001 12003'

CREATE TABLE cut (id int PRIMARY KEY, big text)

INSERT INTO cut SELECT g, 'x' FROM generate_series(1, 100) g

TRUNCATE cut CASCADE

-- A row that another transaction has updated, and not yet committed, is locked through its new version.

BEGIN

UPDATE t SET v = 99 WHERE id = 11

-- [b]
BEGIN

-- [b]
SELECT v FROM t WHERE id = 11 FOR KEY SHARE

COMMIT

-- [b]
COMMIT

-- Vacuum: prune, free, freeze, visibility map, truncation of the tail, and the statistics in pg_class.

VACUUM t

UPDATE t SET v = v + 1

SELECT count(*), sum(v) FROM t

UPDATE t SET v = v + 1

DELETE FROM t WHERE id > 10500

VACUUM (FREEZE) t

ANALYZE t

-- Transactions: subtransactions, more of them than fit, aborts, two-phase commit with everything.

DO $$
BEGIN
  FOR i IN 1..200 LOOP
    BEGIN
      INSERT INTO t VALUES (20000 + i, 0, 'sub');
      IF i % 3 = 0 THEN
        RAISE EXCEPTION 'back';
      END IF;
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END LOOP;
END $$

BEGIN

CREATE TABLE gone (id int)

INSERT INTO gone VALUES (1)

SAVEPOINT s

INSERT INTO gone VALUES (2)

ROLLBACK

BEGIN

CREATE TABLE two_phase (id int PRIMARY KEY, v serial)

DROP TABLE cut

SAVEPOINT s

INSERT INTO two_phase VALUES (1), (2)

RELEASE s

PREPARE TRANSACTION 'to be committed'

CHECKPOINT

COMMIT PREPARED 'to be committed'

BEGIN

CREATE TABLE never (id int PRIMARY KEY)

SAVEPOINT s

INSERT INTO never VALUES (1)

PREPARE TRANSACTION 'to be rolled back'

ROLLBACK PREPARED 'to be rolled back'

BEGIN

UPDATE t SET v = 5 WHERE id = 13

SAVEPOINT s

UPDATE t SET v = 6 WHERE id = 14

-- [b]
CHECKPOINT

DO $$
BEGIN
  FOR i IN 1..70 LOOP
    BEGIN
      INSERT INTO t VALUES (20500 + i, 0, 'more than fit');
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END LOOP;
END $$

-- [b]
CHECKPOINT

COMMIT

SET synchronous_commit = remote_apply

UPDATE t SET v = 7 WHERE id = 13

RESET synchronous_commit

-- Groups of transactions: enough for further pages of both kinds, and the locks of two sessions.

CREATE TABLE shared (id int PRIMARY KEY, v int)

INSERT INTO shared SELECT g, 0 FROM generate_series(1, 2600) g

DO $$
BEGIN
  PERFORM id FROM shared FOR KEY SHARE;
  FOR i IN 1..2600 LOOP
    BEGIN
      UPDATE shared SET v = v + 1 WHERE id = i;
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END LOOP;
END $$

BEGIN

SELECT count(*) FROM (SELECT 1 FROM shared WHERE id < 9 FOR SHARE) x

-- [b]
BEGIN

-- [b]
SELECT count(*) FROM (SELECT 1 FROM shared WHERE id < 9 FOR KEY SHARE) x

-- [b]
SELECT count(*) FROM (SELECT 1 FROM shared WHERE id < 5 FOR SHARE) x

COMMIT

-- [b]
COMMIT

-- Replication origins, messages, sequences.

SELECT pg_replication_origin_create('upstream')

SELECT pg_replication_origin_advance('upstream', '1/2345678')

SELECT pg_replication_origin_session_setup('upstream')

BEGIN

SELECT pg_replication_origin_xact_setup('1/3000000', '2026-01-02 03:04:05.6+00')

INSERT INTO t VALUES (30001, 1, 'replicated')

COMMIT

BEGIN

SELECT pg_replication_origin_xact_setup('1/3000100', '2026-01-02 03:04:06+00')

INSERT INTO t VALUES (30002, 1, 'replicated')

PREPARE TRANSACTION 'replicated'

COMMIT PREPARED 'replicated'

SELECT pg_replication_origin_session_reset()

SELECT pg_replication_origin_drop('upstream')

SELECT pg_logical_emit_message(false, 'prefix', 'at once')

SELECT pg_logical_emit_message(true, 'prefix', 'with the commit')

SELECT pg_logical_emit_message(false, '', repeat('long', 9000))

CREATE SEQUENCE s

SELECT sum(nextval('s')) FROM generate_series(1, 100)

SELECT setval('s', 1000)

SELECT lo_create(0) FROM generate_series(1, 9000)

SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata

-- Images: of hints, compressed, for verification.

CREATE TABLE image AS SELECT g AS id, repeat('abcdefgh', 40) AS words FROM generate_series(1, 400) g

CHECKPOINT

SELECT count(*) FROM image

SET wal_compression = pglz

CHECKPOINT

UPDATE image SET id = -id WHERE id % 20 = 0

-- Not every server is built with these two.
DO $$ BEGIN SET wal_compression = lz4; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$

CHECKPOINT

UPDATE image SET id = -id WHERE id % 20 = 0

DO $$ BEGIN SET wal_compression = zstd; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$

CHECKPOINT

UPDATE image SET id = -id WHERE id % 20 = 0

SET wal_compression = off

SET wal_consistency_checking = 'all'

UPDATE image SET id = id + 1 WHERE id % 100 = 0

INSERT INTO t VALUES (30003, 1, 'verified')

RESET wal_consistency_checking

-- Btree: splits on both sides, deduplication, lists of rows that split, deletion, pages that go and come.

CREATE TABLE b (k int, v int)

CREATE INDEX b_k ON b (k)

INSERT INTO b SELECT g, 1 FROM generate_series(1, 30000) g

INSERT INTO b SELECT -g, 1 FROM generate_series(1, 5000) g

INSERT INTO b SELECT g % 20000, 2 FROM generate_series(1, 30000, 7) g

INSERT INTO b SELECT 777, g FROM generate_series(1, 3000) g

DELETE FROM b WHERE k = 777 AND v % 3 = 0

VACUUM b

INSERT INTO b SELECT 777, g FROM generate_series(1, 1000) g

DELETE FROM b WHERE k BETWEEN 100 AND 19000

VACUUM b

DELETE FROM b WHERE k BETWEEN 20000 AND 20300

SET enable_seqscan = off

SET enable_bitmapscan = off

SELECT count(*) FROM b WHERE k BETWEEN 20000 AND 20300

INSERT INTO b SELECT 20000 + g % 300, 3 FROM generate_series(1, 1000) g

RESET enable_seqscan

RESET enable_bitmapscan

VACUUM b

INSERT INTO b SELECT g, 4 FROM generate_series(40000, 60000) g

DELETE FROM b

VACUUM b

INSERT INTO b SELECT g, 5 FROM generate_series(1, 20000) g

CREATE TABLE wide (k text)

CREATE INDEX wide_k ON wide (k)

INSERT INTO wide SELECT repeat(md5(g::text), 40) FROM generate_series(1, 2000) g

-- Hash: buckets that split, overflow pages that come, empty and are squeezed out.

CREATE TABLE h (k int, v int)

CREATE INDEX h_k ON h USING hash (k)

INSERT INTO h SELECT g, 1 FROM generate_series(1, 20000) g

INSERT INTO h SELECT 5, g FROM generate_series(1, 8000) g

DELETE FROM h WHERE k = 5 AND v % 4 <> 0

VACUUM h

DELETE FROM h WHERE k = 5 AND v % 8 <> 0

VACUUM h

INSERT INTO h SELECT g, 2 FROM generate_series(20001, 45000) g

DELETE FROM h WHERE k % 2 = 0

SET enable_seqscan = off

SET enable_bitmapscan = off

SELECT sum((SELECT count(*) FROM h WHERE h.k = g)) FROM generate_series(1, 20000) g

INSERT INTO h SELECT g % 20000, 3 FROM generate_series(1, 20000) g

RESET enable_seqscan

RESET enable_bitmapscan

VACUUM h

-- GIN: the list of what is pending, trees of rows, their splits and their deletion.

CREATE TABLE gin (id int, a int[])

CREATE INDEX gin_a ON gin USING gin (a)

INSERT INTO gin SELECT g, ARRAY[1, g % 10, g] FROM generate_series(1, 20000) g

INSERT INTO gin SELECT g, (SELECT array_agg(i) FROM generate_series(1, 3000) i) FROM generate_series(1, 3) g

VACUUM gin

ALTER INDEX gin_a SET (fastupdate = off)

INSERT INTO gin SELECT g, ARRAY[1, g % 10, g] FROM generate_series(20001, 40000) g

DELETE FROM gin WHERE id BETWEEN 5000 AND 35000

VACUUM gin

DELETE FROM gin

VACUUM gin

-- GiST: pages that split, empty, go and come again, and rows that a scan found dead.

CREATE TABLE gist (id int, p point)

CREATE INDEX gist_p ON gist USING gist (p)

INSERT INTO gist SELECT g, point(g % 200, g / 200) FROM generate_series(1, 20000) g

DELETE FROM gist WHERE id BETWEEN 2000 AND 18000

VACUUM gist

DELETE FROM gist WHERE id < 1500

SET enable_seqscan = off

SET enable_bitmapscan = off

SELECT count(*) FROM gist WHERE p <@ box '((0,0),(200,10))'

INSERT INTO gist SELECT g, point(g % 200, g / 200) FROM generate_series(1, 1500) g

RESET enable_seqscan

RESET enable_bitmapscan

VACUUM gist

INSERT INTO gist SELECT g, point(g % 173, g / 190) FROM generate_series(1, 20000) g

-- SP-GiST: quadrants, and prefixes that split.

CREATE TABLE spgist (id int, p point)

CREATE INDEX spgist_p ON spgist USING spgist (p)

INSERT INTO spgist SELECT g, point(g % 100, g / 100) FROM generate_series(1, 20) g

DELETE FROM spgist

VACUUM spgist

INSERT INTO spgist SELECT g, point((g * 7919) % 10007, (g * 104729) % 10009) FROM generate_series(1, 10000) g

DELETE FROM spgist WHERE id % 3 = 0

VACUUM spgist

CREATE TABLE radix (id int, words text)

CREATE INDEX radix_words ON radix USING spgist (words)

INSERT INTO radix SELECT g, repeat('a', g % 40) || md5(g::text) FROM generate_series(1, 10000) g

INSERT INTO radix SELECT g, 'common/prefix/' || g FROM generate_series(1, 5000) g

INSERT INTO radix SELECT g, 'common/other/' || chr(32 + g % 90) || g FROM generate_series(1, 5000) g

INSERT INTO radix SELECT g, 'com' || chr(33 + g % 90) || repeat('z', g % 50) FROM generate_series(1, 3000) g

DELETE FROM radix WHERE id % 3 = 0

VACUUM radix

VACUUM radix

-- BRIN: summaries that come, grow, move to other pages and go.

CREATE TABLE brin (id int, words text)

ALTER TABLE brin ALTER words SET STORAGE PLAIN

CREATE INDEX brin_words ON brin USING brin (words) WITH (pages_per_range = 1)

INSERT INTO brin SELECT g, repeat(chr(97 + g % 26), 10) || repeat('x', 4500) FROM generate_series(1, 1500) g

CREATE INDEX brin_id ON brin USING brin (id) WITH (pages_per_range = 1)

SELECT brin_summarize_new_values('brin_words')

UPDATE brin SET words = 'a' WHERE id BETWEEN 200 AND 300

VACUUM brin

INSERT INTO brin SELECT g, chr(97 + g % 26) FROM generate_series(2001, 9000) g

UPDATE brin SET words = repeat('zz', 1000) WHERE id BETWEEN 2001 AND 2500

INSERT INTO brin SELECT -g, repeat('zzz', 900) FROM generate_series(1, 400) g

SELECT brin_desummarize_range('brin_words', 3)

SELECT brin_summarize_range('brin_words', 3)

-- Generic: an extension's index.

CREATE TABLE bl (a int, b int)

CREATE INDEX bl_ab ON bl USING bloom (a, b)

INSERT INTO bl SELECT g, -g FROM generate_series(1, 3000) g

DELETE FROM bl WHERE a % 2 = 0

VACUUM bl

-- Files: tablespaces, databases both ways, rewritten relations and catalogs, and what logical decoding needs of them.

CREATE TABLESPACE inplace LOCATION ''

CREATE TABLE elsewhere (id int PRIMARY KEY) TABLESPACE inplace

INSERT INTO elsewhere SELECT g FROM generate_series(1, 100) g

DROP TABLE elsewhere

DROP TABLESPACE inplace

CREATE DATABASE other STRATEGY = wal_log

CREATE DATABASE copied STRATEGY = file_copy

DROP DATABASE copied

SELECT slot_name FROM pg_create_logical_replication_slot('decoder', 'pgoutput')

CREATE TABLE cat (id int PRIMARY KEY, v int) WITH (user_catalog_table = true)

INSERT INTO cat SELECT g, 0 FROM generate_series(1, 200) g

UPDATE cat SET v = 1 WHERE id < 100

VACUUM FULL cat

SELECT pg_drop_replication_slot('decoder')

VACUUM FULL pg_class

VACUUM FULL t

CLUSTER shared USING shared_pkey

ALTER TABLE t ADD COLUMN extra int DEFAULT 7

ALTER TABLE t ALTER COLUMN v TYPE bigint

CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY)

CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM t

REFRESH MATERIALIZED VIEW mv

CREATE INDEX CONCURRENTLY t_v ON t (v)

REINDEX TABLE t

DROP TABLE wide, spgist, gist

-- The log itself.

SELECT pg_create_restore_point('a place to go back to')

SELECT pg_backup_start('label', true)

SELECT pg_backup_stop(false)

SELECT pg_switch_wal()

ALTER SYSTEM SET full_page_writes = off

SELECT pg_reload_conf()

SELECT pg_sleep(0.5)

CHECKPOINT

ALTER SYSTEM RESET full_page_writes

SELECT pg_reload_conf()

SELECT pg_sleep(0.5)

CHECKPOINT
