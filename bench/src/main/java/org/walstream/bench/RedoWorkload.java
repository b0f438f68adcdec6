package org.walstream.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the replayed WAL was made by. Sizes are such that PostgreSQL needs some ten seconds.
enum RedoWorkload {
  /// Bulk loading and index builds, then short transactions.
  PGBENCH("pgbench's initialisation at scale %d and its load for 60 s", 100) {
    @Override
    void prepare(RedoPrimary primary) {
      // its tables are part of the load
    }

    @Override
    void write(RedoPrimary primary) throws InterruptedException {
      primary.pgbench("-i", "-q", "-s", String.valueOf(size(primary.quick())));
      primary.pgbench("-n", "-c", "4", "-j", "2", "-T", primary.quick() ? "1" : "60");
    }
  },

  /// Rows in bulk, and of each four items of B-trees: two of them at the right end, two anywhere.
  COPY("COPY of %,d rows into a table with 4 indexes", 2_500_000) {
    @Override
    void prepare(RedoPrimary primary) {
      primary.sql(
          """
          CREATE TABLE orders (
            id bigint PRIMARY KEY, customer int, placed timestamptz, code text, note text);
          CREATE INDEX ON orders (customer);
          CREATE INDEX ON orders (placed);
          CREATE INDEX ON orders (code)
          """);
    }

    @Override
    void write(RedoPrimary primary) {
      Path file = primary.directory().resolve("orders");
      primary.sql(
          """
          COPY (
            SELECT i, (random() * 1000000)::int, timestamptz '2026-01-01' + i * interval '1 second',
              substr(md5(i::text), 1, 12), repeat('x', 20 + i %% 40)
            FROM generate_series(1, %d) i) TO '%s'
          """
              .formatted(size(primary.quick()), file));
      primary.sql("COPY orders FROM '%s'".formatted(file));
    }
  },

  /// Many small records for few pages, whose images the first checkpoint alone brings: half of the
  /// tables keep their index entries (HOT), the other half have an index on what changes.
  UPDATES("%,d updates of rows in 8 small tables, 80 a transaction", 4_000_000) {
    @Override
    void prepare(RedoPrimary primary) {
      for (int table = 1; table <= TABLES; table++) {
        primary.sql(
            """
            CREATE TABLE small_%1$d (id int PRIMARY KEY, n int, at timestamptz, note text)
              WITH (fillfactor = 70);
            INSERT INTO small_%1$d
              SELECT i, i, now(), 'row ' || i FROM generate_series(1, 5000) i
            """
                .formatted(table));
        if (table % 2 == 0) {
          primary.sql("CREATE INDEX ON small_%d (n)".formatted(table));
        }
      }
    }

    @Override
    void write(RedoPrimary primary) {
      var updates = new StringBuilder();
      for (int table = 1; table <= TABLES; table++) {
        updates.append(
            """
            UPDATE small_%d SET n = n + 1, at = clock_timestamp()
              WHERE id BETWEEN least + 1 AND least + 10;
            """
                .formatted(table));
      }
      int transactions = size(primary.quick()) / (10 * TABLES);
      int batch = 2000; // after which each row has changed four times
      for (int done = 0; done < transactions; done += batch) {
        primary.sql(
            """
            DO $$ DECLARE least int; BEGIN
              FOR i IN 1..%d LOOP
                least := random() * 4990;
                %s
                COMMIT;
              END LOOP;
            END $$
            """
                .formatted(Math.min(batch, transactions - done), updates));
        primary.sql("VACUUM");
      }
    }
  },

  /// Hardly a page is in memory when its turn comes: the table is eight times the buffers.
  RANDOM("%,d updates of random rows in a table of 8 times the buffers", 1_000_000) {
    @Override
    void prepare(RedoPrimary primary) {
      primary.sql(
          """
          CREATE TABLE large (id int PRIMARY KEY, n int, filler text) WITH (fillfactor = 80);
          INSERT INTO large SELECT i, 0, repeat('x', 400) FROM generate_series(1, %d) i
          """
              .formatted(rows(primary)));
      primary.sql("VACUUM FREEZE large");
    }

    @Override
    void write(RedoPrimary primary) {
      primary.sql(
          """
          DO $$ DECLARE which int; BEGIN
            FOR i IN 1..%d LOOP
              which := 1 + random() * %d;
              UPDATE large SET n = n + 1 WHERE id = which;
              IF i %% 10 = 0 THEN COMMIT; END IF;
            END LOOP;
          END $$
          """
              .formatted(size(primary.quick()), rows(primary) - 1));
    }

    @Override
    int bufferMegabytes(boolean quick) {
      return quick ? 4 : 128;
    }

    private int rows(RedoPrimary primary) {
      return bufferMegabytes(primary.quick()) * 8 * 128 * 14; // 14 a page
    }
  };

  private static final int TABLES = 8;
  private static final int QUICK_SHARE = 50; // a fiftieth of everything

  private final String about;
  private final int size;

  RedoWorkload(String about, int size) {
    this.about = about;
    this.size = size;
  }

  /// Makes what the base backup holds.
  abstract void prepare(RedoPrimary primary);

  /// Writes the WAL behind the base backup.
  abstract void write(RedoPrimary primary) throws InterruptedException;

  /// The buffers that it is made for.
  int bufferMegabytes(boolean quick) {
    return quick ? 32 : 512;
  }

  /// For people.
  String about(boolean quick) {
    return String.format(Locale.ROOT, about, size(quick));
  }

  /// What the command line calls it.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RedoWorkload> named(String name) {
    return Arrays.stream(values()).filter(workload -> workload.label().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(RedoWorkload::label).collect(Collectors.joining(", "));
  }

  /// How much of it there is.
  final int size(boolean quick) {
    return quick ? size / QUICK_SHARE : size;
  }
}
