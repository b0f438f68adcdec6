package org.walstream.observe.sql.view;

import java.util.ArrayList;
import java.util.List;
import org.walstream.observe.FileSetting;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.hba.HbaRule;
import org.walstream.send.hba.IdentLine;

/// `pg_hba_file_rules` and `pg_ident_file_mappings`: the rules in force, in the order in which they
/// are tried. `pg_file_settings`: what the configuration files say now.
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
    var rows = new ArrayList<Row>();
    for (HbaRule rule : context.status().hba().rules()) {
      HbaRule.Written written = rule.written();
      rows.add(
          Row.of("rule_number", rows.size() + 1)
              .with("file_name", rule.file().toString())
              .with("line_number", rule.line())
              .with("type", written.type())
              .with("database", written.databases().toArray(String[]::new))
              .with("user_name", written.users().toArray(String[]::new))
              .with("address", written.address().orElse(null))
              .with("netmask", written.netmask().orElse(null))
              .with("auth_method", written.method())
              .with(
                  "options",
                  written.options().isEmpty() ? null : written.options().toArray(String[]::new)));
    }
    return rows;
  }

  static List<Row> identFileMappings(QueryContext context) {
    if (!context.session().mayMonitor()) {
      return List.of();
    }
    var rows = new ArrayList<Row>();
    for (IdentLine line : context.status().ident().lines()) {
      rows.add(
          Row.of("map_number", rows.size() + 1)
              .with("file_name", line.file().toString())
              .with("line_number", line.line())
              .with("map_name", line.map())
              .with("sys_name", line.systemUser())
              .with("pg_username", line.databaseUser()));
    }
    return rows;
  }
}
