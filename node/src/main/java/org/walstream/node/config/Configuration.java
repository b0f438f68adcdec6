package org.walstream.node.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.walstream.observe.FileSetting;
import org.walstream.observe.Setting;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.GucParameter;
import org.walstream.send.guc.GucTable;

/// A node's settings at one moment: every parameter has a checked value. Immutable; a reload makes
/// a new one.
///
/// A `postgresql.conf` can be read too: what PostgreSQL 15 to 18 know and a node has no use for is
/// checked and passed over, and whoever starts the node is told the names; `foo.bar` belongs to
/// whoever uses it. Any other name is a mistake.
public final class Configuration {

  private final Map<Parameter<?>, Object> values;

  /// Where they are others than the parameter's own.
  private final Map<Parameter<?>, Object> defaults;

  private final Map<String, String> custom;
  private final Set<String> passedOver;

  private Configuration(Builder builder, Map<Parameter<?>, Object> defaults) {
    this.values = Map.copyOf(builder.values);
    this.defaults = Map.copyOf(defaults);
    this.custom = Map.copyOf(builder.custom);
    this.passedOver = Collections.unmodifiableSet(new TreeSet<>(builder.passedOver));
  }

  /// What files and command line have said so far.
  private static final class Builder {
    private final Map<Parameter<?>, Object> values = new HashMap<>();
    private final Map<String, String> custom = new HashMap<>();
    private final Set<String> passedOver = new TreeSet<>();
    private final Set<String> others;

    Builder(Set<String> others) {
      this.others = others;
    }

    void set(String name, String text) throws ConfigurationException {
      if (others.contains(name.toLowerCase(Locale.ROOT))) {
        custom.put(name.toLowerCase(Locale.ROOT), text);
        return;
      }
      Optional<Parameter<?>> ours = Parameters.find(name);
      if (ours.isPresent()) {
        values.put(ours.get(), parse(ours.get(), text));
        return;
      }
      try {
        Optional<GucParameter> known = GucTable.find(name);
        if (known.isPresent()) {
          known.get().check(text);
          passedOver.add(known.get().name());
        } else if (GucTable.isCustomName(name)) {
          custom.put(name.toLowerCase(Locale.ROOT), text);
        } else {
          throw new ConfigurationException("unrecognized configuration parameter \"" + name + "\"");
        }
      } catch (GucException e) {
        throw new ConfigurationException(e.oneLine());
      }
    }

    private static <T> T parse(Parameter<T> parameter, String text) throws ConfigurationException {
      return parameter.kind().parse(parameter.name(), text);
    }
  }

  /// Reads `file`, then applies `overrides` (name to text), which win.
  ///
  /// @throws ConfigurationException for the first unknown name or wrong value, with its file and
  ///   line
  public static Configuration load(Path file, Map<String, String> overrides)
      throws IOException, ConfigurationException {
    return load(List.of(file), overrides, Map.of(), Set.of());
  }

  /// Reads several files, of which the later win.
  ///
  /// @param defaults what parameters are that nothing sets, where that is not their own default
  /// @param others names, in lower case, of parameters that somebody else reads
  /// @throws ConfigurationException for the first unknown name or wrong value, with its file and
  ///   line
  public static Configuration load(
      List<Path> files,
      Map<String, String> overrides,
      Map<Parameter<?>, Object> defaults,
      Set<String> others)
      throws IOException, ConfigurationException {
    var builder = new Builder(others);
    for (Path file : files) {
      for (ConfigurationFile.Setting setting : ConfigurationFile.read(file)) {
        try {
          builder.set(setting.name(), setting.value());
        } catch (ConfigurationException e) {
          throw setting.error(e.getMessage());
        }
      }
    }
    for (var override : overrides.entrySet()) {
      builder.set(override.getKey(), override.getValue());
    }
    return new Configuration(builder, defaults);
  }

  /// What `file` and those it includes say, line by line, right or wrong, and whether a reload
  /// would apply it. Counterpart of show_all_file_settings(), guc_funcs.c.
  ///
  /// @param running the settings in force
  public static List<FileSetting> look(Path file, Configuration running) throws IOException {
    List<ConfigurationFile.Setting> settings;
    try {
      settings = ConfigurationFile.read(file);
    } catch (ConfigurationException e) {
      return List.of(
          new FileSetting(
              file.toString(),
              0,
              Optional.empty(),
              Optional.empty(),
              false,
              Optional.of(e.getMessage())));
    }
    var errors = new ArrayList<Optional<String>>();
    Map<String, Integer> last = new HashMap<>();
    for (ConfigurationFile.Setting setting : settings) {
      last.put(key(setting), errors.size());
      errors.add(running.errorOf(setting));
    }
    boolean good = errors.stream().allMatch(Optional::isEmpty);
    var rows = new ArrayList<FileSetting>();
    for (ConfigurationFile.Setting setting : settings) {
      int number = rows.size();
      boolean counts = Integer.valueOf(number).equals(last.get(key(setting)));
      rows.add(
          new FileSetting(
              setting.file().toString(),
              setting.line(),
              Optional.of(setting.name()),
              Optional.of(setting.value()),
              good && counts,
              errors.get(number)));
    }
    return rows;
  }

  private static String key(ConfigurationFile.Setting setting) {
    return setting.name().toLowerCase(Locale.ROOT);
  }

  private Optional<String> errorOf(ConfigurationFile.Setting setting) {
    var builder = new Builder(Set.of());
    try {
      builder.set(setting.name(), setting.value());
    } catch (ConfigurationException e) {
      return Optional.of(e.getMessage());
    }
    return Parameters.find(setting.name())
            .filter(parameter -> parameter.takes() == Parameter.Takes.RESTART)
            .filter(parameter ->
                !get(parameter).equals(new Configuration(builder, defaults).get(parameter)))
            .isPresent()
        ? Optional.of("setting could not be applied")
        : Optional.empty();
  }

  /// All defaults.
  public static Configuration defaults() {
    return new Configuration(new Builder(Set.of()), Map.of());
  }

  @SuppressWarnings("unchecked") // the builder puts only what the parameter's own kind has parsed
  public <T> T get(Parameter<T> parameter) {
    return (T) values.getOrDefault(parameter, defaultOf(parameter));
  }

  @SuppressWarnings("unchecked") // defaults are given parameter by parameter
  private <T> T defaultOf(Parameter<T> parameter) {
    return (T) defaults.getOrDefault(parameter, parameter.defaultValue());
  }

  /// The value of a parameter as SHOW prints it; empty when there is no such parameter.
  public Optional<String> show(String name) {
    return Parameters.find(name)
        .map(this::show)
        .or(() -> Optional.ofNullable(custom.get(name.toLowerCase(Locale.ROOT))));
  }

  private <T> String show(Parameter<T> parameter) {
    return parameter.kind().show(get(parameter));
  }

  /// Every parameter of the node with its value, in the order of the sample file.
  public List<Setting> settings() {
    return Parameters.ALL.stream().map(this::setting).toList();
  }

  private <T> Setting setting(Parameter<T> parameter) {
    return new Setting(
        parameter.name(),
        show(parameter),
        parameter.kind().show(defaultOf(parameter)),
        parameter.group().title(),
        parameter.description(),
        parameter.takes() == Parameter.Takes.RESTART,
        values.containsKey(parameter));
  }

  /// PostgreSQL's own parameters that the files set and a node has no use for, by name.
  public Set<String> passedOver() {
    return passedOver;
  }

  /// The parameters whose values differ in `other` but take effect only at a restart.
  public List<String> needRestart(Configuration other) {
    var names = new ArrayList<String>();
    for (Parameter<?> parameter : Parameters.ALL) {
      if (parameter.takes() == Parameter.Takes.RESTART
          && !get(parameter).equals(other.get(parameter))) {
        names.add(parameter.name());
      }
    }
    return names;
  }
}
