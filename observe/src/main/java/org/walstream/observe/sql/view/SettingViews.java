package org.walstream.observe.sql.view;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.walstream.observe.Setting;
import org.walstream.observe.sql.context.QueryContext;
import org.walstream.send.guc.GucParameter;
import org.walstream.send.guc.GucTable;
import org.walstream.send.guc.SessionParameters;

/// `pg_settings`: the node's own parameters, and those of PostgreSQL's that a session has a value
/// for.
final class SettingViews {

  private SettingViews() {}

  static List<Row> settings(QueryContext context) {
    SessionParameters parameters = context.session().parameters();
    var rows = new ArrayList<Row>();
    Set<String> seen = new HashSet<>();
    for (Setting setting : context.status().settings()) {
      seen.add(setting.name());
      rows.add(
          row(setting.name(), parameters.show(setting.name()).orElse(setting.shown()))
              .with("category", setting.category())
              .with("short_desc", setting.description())
              .with("context", setting.needsRestart() ? "postmaster" : "sighup")
              .with("source", setting.set() ? "configuration file" : "default")
              .with("boot_val", base(setting.name(), setting.defaultShown()))
              .with("reset_val", base(setting.name(), setting.shown())));
    }
    for (GucParameter parameter : GucTable.all()) {
      Optional<String> shown = parameters.show(parameter.name());
      if (shown.isPresent() && seen.add(parameter.name())) {
        rows.add(row(parameter.name(), shown.get()).with("source", "default"));
      }
    }
    return rows;
  }

  private static Row row(String name, String shown) {
    Optional<GucParameter> known = GucTable.find(name);
    Row row =
        Row.of("name", name).with("setting", base(name, shown)).with("pending_restart", false);
    if (known.isEmpty()) {
      return row.with("vartype", "string").with("context", "sighup");
    }
    GucParameter parameter = known.get();
    boolean number =
        parameter.type() == GucParameter.Type.INTEGER || parameter.type() == GucParameter.Type.REAL;
    return row.with("unit", parameter.unitName().isEmpty() ? null : parameter.unitName())
        .with("context", lower(parameter.context()).replace('_', '-'))
        .with("vartype", lower(parameter.type()))
        .with("min_val", number ? bound(parameter.least()) : null)
        .with("max_val", number ? bound(parameter.most()) : null)
        .with(
            "enumvals",
            parameter.values().isEmpty() ? null : parameter.values().toArray(String[]::new))
        .with("boot_val", parameter.defaultText())
        .with("reset_val", base(name, shown));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String bound(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /// The value without a unit, in that of the parameter.
  private static @Nullable String base(String name, String shown) {
    return GucTable.find(name).map(parameter -> parameter.setting(shown)).orElse(shown);
  }
}
