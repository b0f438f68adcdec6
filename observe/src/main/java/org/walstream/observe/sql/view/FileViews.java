package org.walstream.observe.sql.view;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.walstream.observe.FileSetting;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.AuthLine;
import org.walstream.send.hba.HbaRule;

/// What the files say now, right or wrong, whether it is in force or not: `pg_hba_file_rules` and
/// `pg_ident_file_mappings` in the order in which rules are tried, `pg_file_settings`.
final class FileViews {

  private FileViews() {}

  static List<Row> fileSettings(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    var rows = new ArrayList<Row>();
    for (FileSetting setting : context.status().fileSettings()) {
      rows.add(
          Row.of("sourcefile", setting.file())
              .with("sourceline", setting.line())
              .with("seqno", rows.size() + 1)
              .with("name", setting.name().orElse(null))
              .with("setting", setting.setting().orElse(null))
              .with("applied", setting.applied())
              .with("error", setting.error().orElse(null)));
    }
    return rows;
  }

  static List<Row> hbaFileRules(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    return rows(context.status().hbaLines(), "rule_number", FileViews::withRule);
  }

  private static Row withRule(Row row, HbaRule rule) {
    HbaRule.Written written = rule.written();
    return row.with("type", written.type())
        .with("database", written.databases().toArray(String[]::new))
        .with("user_name", written.users().toArray(String[]::new))
        .with("address", written.address().orElse(null))
        .with("netmask", written.netmask().orElse(null))
        .with("auth_method", written.method())
        .with(
            "options",
            written.options().isEmpty() ? null : written.options().toArray(String[]::new));
  }

  static List<Row> identFileMappings(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    return rows(
        context.status().identLines(),
        "map_number",
        (row, line) ->
            row.with("map_name", line.map())
                .with("sys_name", line.systemUser())
                .with("pg_username", line.databaseUser()));
  }

  /// @param number the column in which those that are right are counted
  private static <T> List<Row> rows(
      List<AuthLine<T>> lines, String number, BiFunction<Row, T, Row> says) {
    var rows = new ArrayList<Row>();
    int right = 0;
    for (AuthLine<T> line : lines) {
      Row row =
          Row.of("file_name", line.file().toString())
              .with("line_number", line.number() == 0 ? null : line.number())
              .with("error", line.error().orElse(null));
      if (line.says().isPresent()) {
        right++;
        row = says.apply(row.with(number, right), line.says().get());
      }
      rows.add(row);
    }
    return rows;
  }
}
