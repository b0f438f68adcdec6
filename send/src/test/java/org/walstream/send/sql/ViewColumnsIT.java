package org.walstream.send.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.walstream.file.FileLayer;
import org.walstream.send.slot.ReplicationSlots;
import org.walstream.send.slot.RetentionHorizon;
import org.walstream.send.slot.RetentionHorizon.Limits;
import org.walstream.store.StoreOptions;
import org.walstream.store.WalStore;
import org.walstream.testkit.PostgresServer;

/// Our views have PostgreSQL 18's columns: names, order, types.
class ViewColumnsIT {

  @TempDir Path directory;

  @Test
  void columnsAreThoseOfPostgres18() throws Exception {
    try (var postgres = PostgresServer.builder(18).start();
        var store =
            WalStore.open(Files.createDirectory(directory.resolve("wal")), StoreOptions.DEFAULT)) {
      var slots = ReplicationSlots.open(directory.resolve("slots"), FileLayer.system(), () -> 1);
      var source = new NoStatus();
      var views =
          List.of(
              new ReplicationView(source),
              new WalReceiverView(source),
              new SlotsView(store, slots, new RetentionHorizon(slots, () -> Limits.DEFAULT)));
      for (SystemView view : views) {
        assertThat(ours(view)).as(view.name()).isEqualTo(theirs(postgres, view.name()));
      }
    }
  }

  private static List<String> ours(SystemView view) {
    return view.columns().stream()
        .map(c -> "%s %d %d".formatted(c.name(), c.type().oid(), c.type().length()))
        .toList();
  }

  private static List<String> theirs(PostgresServer postgres, String view) throws Exception {
    var columns = new ArrayList<String>();
    try (var connection = postgres.jdbc();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT attname, atttypid::int8, attlen FROM pg_attribute"
                    + " WHERE attrelid = 'pg_catalog."
                    + view
                    + "'::regclass AND attnum > 0 ORDER BY attnum")) {
      while (rows.next()) {
        columns.add("%s %d %d".formatted(rows.getString(1), rows.getLong(2), rows.getInt(3)));
      }
    }
    return columns;
  }

  private record NoStatus() implements StatusSource {
    @Override
    public List<Standby> standbys() {
      return List.of();
    }

    @Override
    public Optional<Upstream> upstream() {
      return Optional.empty();
    }

    @Override
    public Optional<String> show(String name) {
      return Optional.empty();
    }

    @Override
    public String serverVersion() {
      return "18.0";
    }
  }
}
